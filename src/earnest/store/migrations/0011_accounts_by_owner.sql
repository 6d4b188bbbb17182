-- Accounts are found by their owner first: numbers are told apart sooner than words, and those of
-- new milestones come at the end of the index.
-- Locks: accounts, for as long as their key is made anew.

ALTER TABLE accounts
    DROP CONSTRAINT accounts_pkey,
    ADD PRIMARY KEY (owner, kind, currency);
