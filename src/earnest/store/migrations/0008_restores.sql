-- A restored site speaks with no gateway before somebody has compared it with what happened since.
-- Locks: none; the table is new.

CREATE TABLE restores (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- When the backup was begun: what was answered before is in it.
    taken_at timestamptz NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    resumed_at timestamptz,
    resumed_because text,
    CONSTRAINT a_restored_site_resumes_with_a_reason
        CHECK ((resumed_at IS NULL) = (resumed_because IS NULL))
);

CREATE INDEX restores_that_pause ON restores (id) WHERE resumed_at IS NULL;
