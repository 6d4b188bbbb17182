-- What waits for somebody is found by itself, and not among all that they ever agreed to: offers to
-- answer, money that is asked back, contracts to review. Active contracts are in none of these
-- indexes, so nothing that moves money writes to them.
-- Locks: contracts and milestones while their indexes are made; a second for each million rows.

CREATE INDEX offers_to_answer ON contracts (freelancer_id, id DESC) WHERE status = 'offered';
CREATE INDEX ended_contracts_of_an_employer ON contracts (employer_id, updated_at)
WHERE status = 'ended' AND paid_at IS NOT NULL;
CREATE INDEX ended_contracts_of_a_freelancer ON contracts (freelancer_id, updated_at)
WHERE status = 'ended' AND paid_at IS NOT NULL;

CREATE INDEX milestones_asked_back ON milestones (freelancer_id, id DESC)
WHERE cancel_asked_at IS NOT NULL AND status IN ('funded', 'submitted');
