-- What people search for: the words of every project, person, contract and milestone, kept beside
-- the rows by the worker, so that no decision waits for an index of words.
-- Locks: users for a moment, while a column is added; else creates only, safe while the product runs.
-- The worker fills it, the newest first.

-- One partition a kind: each has statistics of its own, from which the planner knows whether a word
-- is rare (then the index of words is asked) or common (then the newest documents are walked, all of
-- them or those of a person). Lexemes in capitals are no words, which are all small letters: A and
-- an amount, C and a currency.
CREATE TABLE documents (
    kind text NOT NULL,
    id bigint NOT NULL,
    -- The two who may see it; of what everybody may see there are none.
    employer_id bigint,
    freelancer_id bigint,
    words tsvector NOT NULL,
    PRIMARY KEY (id, kind)
) PARTITION BY LIST (kind);
CREATE TABLE documents_of_people PARTITION OF documents FOR VALUES IN ('user');
CREATE TABLE documents_of_projects PARTITION OF documents FOR VALUES IN ('project');
CREATE TABLE documents_of_contracts PARTITION OF documents (
    CONSTRAINT documents_of_a_contract_have_two_readers
        CHECK (employer_id IS NOT NULL AND freelancer_id IS NOT NULL)
) FOR VALUES IN ('contract');
CREATE TABLE documents_of_milestones PARTITION OF documents (
    CONSTRAINT documents_of_a_milestone_have_two_readers
        CHECK (employer_id IS NOT NULL AND freelancer_id IS NOT NULL)
) FOR VALUES IN ('milestone');
-- New documents wait in a list of at most a megabyte, which a search walks in a few milliseconds:
-- put into the index many at a time they cost a fifth.
CREATE INDEX documents_by_words ON documents USING gin (words)
    WITH (fastupdate = on, gin_pending_list_limit = 1024);
CREATE INDEX contracts_found_by_employer ON documents_of_contracts (employer_id, id DESC);
CREATE INDEX contracts_found_by_freelancer ON documents_of_contracts (freelancer_id, id DESC);
CREATE INDEX milestones_found_by_employer ON documents_of_milestones (employer_id, id DESC);
CREATE INDEX milestones_found_by_freelancer ON documents_of_milestones (freelancer_id, id DESC);

-- How far the worker is. Numbers tell the time at which they were made, but not when they were
-- committed: so what is behind `seen` by a little is looked at again, and once more much later.
CREATE TABLE indexing (
    id smallint PRIMARY KEY DEFAULT 1,
    -- Up to here new rows were looked at as soon as they were there,
    seen bigint NOT NULL,
    -- up to here again, when nobody could still be about to commit;
    settled bigint NOT NULL,
    -- and up to here, counted from the newest down, every row has still to be looked at.
    unfilled bigint NOT NULL,
    CONSTRAINT there_is_one_indexing CHECK (id = 1)
);
INSERT INTO indexing (seen, settled, unfilled)
SELECT newest, greatest(newest - (600000::bigint << 22), 0), newest
FROM (
    SELECT greatest(
        (SELECT max(id) FROM users),
        (SELECT max(id) FROM projects),
        (SELECT max(id) FROM contracts),
        (SELECT max(id) FROM milestones),
        (SELECT max(id) FROM events),
        0
    ) AS newest
) t;

-- Who is called otherwise since their documents were written; no event tells of that.
CREATE TABLE people_renamed (
    user_id bigint PRIMARY KEY
);

-- Whether somebody wants to be told that a project protects both better than a direct contract.
ALTER TABLE users ADD COLUMN wants_advice boolean NOT NULL DEFAULT TRUE;
