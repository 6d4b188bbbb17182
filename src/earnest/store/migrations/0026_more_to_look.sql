-- What both sides add to the rounds of changes and the days to look that the terms of a milestone
-- give; and how often its money has moved, so that a proposal made before is over.
-- Locks: milestones and edits for a moment each, while their columns are added; edits while those
-- that are over are closed.

ALTER TABLE milestones
    ADD COLUMN extra_rounds bigint NOT NULL DEFAULT 0,
    ADD COLUMN extra_review_days bigint NOT NULL DEFAULT 0,
    ADD COLUMN moves bigint NOT NULL DEFAULT 0;
ALTER TABLE milestones
    ALTER COLUMN extra_rounds DROP DEFAULT,
    ALTER COLUMN extra_review_days DROP DEFAULT,
    ALTER COLUMN moves DROP DEFAULT,
    ADD CONSTRAINT no_more_than_any_terms_give CHECK (
        extra_rounds BETWEEN 0 AND 10 AND extra_review_days BETWEEN 0 AND 60
    ) NOT VALID;
ALTER TABLE milestones VALIDATE CONSTRAINT no_more_than_any_terms_give;

ALTER TABLE edits
    ADD COLUMN rounds bigint NOT NULL DEFAULT 0,
    ADD COLUMN review_days bigint NOT NULL DEFAULT 0,
    ADD COLUMN moves bigint NOT NULL DEFAULT 0;
ALTER TABLE edits
    ALTER COLUMN rounds DROP DEFAULT,
    ALTER COLUMN review_days DROP DEFAULT,
    ALTER COLUMN moves DROP DEFAULT,
    ADD CONSTRAINT an_edit_only_adds_time CHECK (
        rounds BETWEEN 0 AND 10 AND review_days BETWEEN 0 AND 60
    );
-- Money has moved since: what counted that was the sum that had gone.
UPDATE edits e SET is_open = false
FROM milestones m
WHERE m.id = e.milestone_id AND e.is_open
    AND (e.gone <> m.released + m.returned OR m.releasing + m.frozen > 0);
