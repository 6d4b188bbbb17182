-- What was released by month, for the history on a profile, is counted in an index alone: somebody
-- with tens of thousands of milestones had the rows of all of them read for it. A milestone is in
-- one once, when it ends; what is live is in none.
-- Locks: milestones while they are made; a second or two at a million milestones.

CREATE INDEX milestones_released_to_a_freelancer ON milestones (freelancer_id, updated_at)
    WHERE status = 'released';
CREATE INDEX milestones_released_by_an_employer ON milestones (employer_id, updated_at)
    WHERE status = 'released';
