-- Clocks that wait for what tells of them: until when one was put off, and when a process was there.
-- Locks: milestones and disputes for a moment each, while a column is added.

ALTER TABLE milestones
    ADD COLUMN deferred_until timestamptz;
ALTER TABLE disputes
    ADD COLUMN deferred_until timestamptz;

-- From when to when a process served or worked: each beats once a minute, and one that was not heard
-- for longer begins a new row. While none is there nobody can act.
CREATE TABLE heartbeats (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT nobody_stops_before_they_begin CHECK (since <= until)
);
CREATE INDEX heartbeats_by_their_last ON heartbeats (until);
