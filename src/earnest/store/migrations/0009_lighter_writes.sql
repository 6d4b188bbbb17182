-- What a batch writes costs less: no look for a parent that it holds, room for changes, and bodies
-- of events that are not compressed.
-- Locks: contracts, milestones, releases and messages, for a moment.

-- These rows are written by batches alone, each under the lock of its contract, and nothing is ever
-- deleted. That nobody is an orphan is one of the rules of `earnest ledger verify`.
ALTER TABLE milestones DROP CONSTRAINT milestones_contract_id_fkey;
ALTER TABLE releases
    DROP CONSTRAINT releases_contract_id_fkey,
    DROP CONSTRAINT releases_milestone_id_fkey;
ALTER TABLE messages
    DROP CONSTRAINT messages_contract_id_fkey,
    DROP CONSTRAINT messages_milestone_id_fkey;

-- What one batch set aside the next may release: all rows of a page change at once, and find room
-- on it, so that no index hears of it.
ALTER TABLE milestones SET (fillfactor = 50);
ALTER TABLE accounts SET (fillfactor = 50);

-- Bodies of two or three thousand bytes are kept as they are: to compress one costs more than all
-- else that is done to it.
ALTER TABLE events SET (toast_tuple_target = 4096);
