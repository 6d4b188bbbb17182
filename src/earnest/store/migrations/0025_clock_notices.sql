-- The notices of clocks while they run: which clocks there are to look at, and when next.
-- Locks: notices, while an index of it is made; else as long as it takes to write a row for each
-- clock that runs. Run it while nobody is served.

ALTER TABLE notices
    -- Of a clock: which of its moments it is, and when it runs out.
    ADD COLUMN moment text,
    ADD COLUMN clock_at timestamptz,
    -- The last one to somebody who can do something: their choices do not switch it off.
    ADD COLUMN is_last boolean NOT NULL DEFAULT FALSE,
    ADD CONSTRAINT a_clock_is_told_at_a_known_moment CHECK
        (moment IN ('start', 'half', 'three_days', 'day', 'six_hours')),
    ADD CONSTRAINT a_moment_is_one_of_a_clock CHECK ((moment IS NULL) = (clock_at IS NULL)),
    ADD CONSTRAINT only_a_clock_is_told_for_the_last_time CHECK (NOT is_last OR moment IS NOT NULL);
CREATE UNIQUE INDEX no_moment_of_a_clock_is_told_twice
    ON notices (subject_id, name, clock_at, moment, user_id) WHERE moment IS NOT NULL;

-- Rows that have a clock, or had one when they were looked at last. It says nothing that does not
-- follow from them: what is told is found in the row itself.
CREATE TABLE running_clocks (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    -- The last event by which something happened to it.
    event_id bigint NOT NULL,
    -- By the clock that decides. What has no clock any more is kept until it is sure that nobody
    -- comes upon its last event once more.
    looks_at timestamptz,
    -- What was to be told by then was told.
    told_until timestamptz,
    CONSTRAINT a_known_kind_of_row_has_a_clock CHECK
        (kind IN ('contract', 'milestone', 'dispute', 'project', 'deposit', 'withdrawal'))
);
CREATE INDEX clocks_to_look_at ON running_clocks (looks_at, id) WHERE looks_at IS NOT NULL;
CREATE INDEX clocks_that_stopped ON running_clocks (event_id) WHERE looks_at IS NULL;

-- Of what runs already nobody is told what lies before this.
INSERT INTO running_clocks (id, kind, event_id, looks_at, told_until)
SELECT w.id, w.kind, 0, now() + s.clock_offset, now() + s.clock_offset
FROM site s CROSS JOIN (
    SELECT id, 'contract' AS kind FROM contracts WHERE status = 'offered'
    UNION ALL
    SELECT id, 'milestone' FROM milestones WHERE wakes_at IS NOT NULL
    UNION ALL
    SELECT id, 'dispute' FROM disputes WHERE wakes_at IS NOT NULL
    UNION ALL
    SELECT id, 'project' FROM projects WHERE wakes_at IS NOT NULL
    UNION ALL
    SELECT id, 'deposit' FROM deposits WHERE status = 'pending'
    UNION ALL
    SELECT id, 'withdrawal' FROM withdrawals WHERE status IN ('requested', 'approved')
) w;
