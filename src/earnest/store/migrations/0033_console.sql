-- Whom operators looked at; when a token was last used; what somebody came to do; and the queues of
-- the operators' console, each by an index of its own.
-- Locks: tokens and users for a moment each, while a column is added; milestones, disputes, deposits,
-- withdrawals and users against writes, while their small indexes are built.

CREATE TABLE looked_at (
    id bigint PRIMARY KEY,
    operator_id bigint NOT NULL,
    what text NOT NULL,
    person_id bigint,
    words text,
    at timestamptz NOT NULL,
    CONSTRAINT a_look_is_at_a_person_or_for_words CHECK (
        what IN ('person', 'payment') AND person_id IS NOT NULL AND words IS NULL
        OR what = 'search' AND person_id IS NULL AND words IS NOT NULL
    )
);
CREATE INDEX looks_at_a_person ON looked_at (person_id, id DESC) WHERE person_id IS NOT NULL;
CREATE INDEX looks_of_an_operator ON looked_at (operator_id, id DESC);

ALTER TABLE tokens
    ADD COLUMN seen_at timestamptz;

ALTER TABLE users
    ADD COLUMN aim text,
    ADD COLUMN first_steps_hidden_at timestamptz,
    ADD CONSTRAINT people_come_to_hire_or_to_work CHECK (aim IN ('hire', 'work', 'both')) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT people_come_to_hire_or_to_work;

CREATE INDEX returns_that_staff_ask_for ON milestones (id) WHERE staff_cancel_by IS NOT NULL;
CREATE INDEX milestones_put_off ON milestones (deferred_until, id) WHERE deferred_until IS NOT NULL;
CREATE INDEX disputes_put_off ON disputes (deferred_until, id) WHERE deferred_until IS NOT NULL;
CREATE INDEX deposits_that_came_to_nothing ON deposits (id DESC)
WHERE status IN ('failed', 'expired');
CREATE INDEX withdrawals_on_their_way ON withdrawals (id DESC) WHERE status IN ('approved', 'sent');
CREATE INDEX withdrawals_that_came_to_nothing ON withdrawals (id DESC)
WHERE status IN ('failed', 'returned', 'cancelled', 'expired');
CREATE INDEX people_suspended ON users (id DESC) WHERE status = 'suspended';
