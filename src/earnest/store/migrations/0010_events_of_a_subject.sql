-- Events of a contract and of its milestones are found through the contract: an index without them.
-- Locks: events, for as long as its index is made anew.

DROP INDEX events_of_a_subject;
CREATE INDEX events_of_a_subject ON events (subject_id, id DESC)
    WHERE subject_kind IN ('user', 'deposit', 'withdrawal');
