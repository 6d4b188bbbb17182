-- Indexes for those who have very many of something: tens of thousands of milestones, thousands of
-- contracts. Each write of the engine pays for an index, so there are two new ones, of what is live
-- only, and one that knows one column more.
-- Locks: milestones and events while they are made; a few seconds at a million milestones.

-- What waits for somebody, and what is held for them or by them.
CREATE INDEX live_milestones_of_an_employer ON milestones (employer_id, status, id DESC)
    WHERE status IN ('requested', 'funded', 'submitted');
CREATE INDEX live_milestones_of_a_freelancer ON milestones (freelancer_id, status, due_at, id)
    WHERE status IN ('requested', 'funded', 'submitted');

-- The newest events of thousands of contracts are found in the index alone.
DROP INDEX events_of_a_contract;
CREATE UNIQUE INDEX events_of_a_contract ON events (contract_id, seq) INCLUDE (id)
    WHERE contract_id IS NOT NULL;
