-- Who is told what: notices that the worker makes of events, the mails that carry them, and how each
-- person wants to be told.
-- Locks: site for a moment, while a column is added; else creates only, safe while the product runs.
-- What happened before is told to nobody: the worker begins with the newest event.

CREATE TABLE notices (
    event_id bigint NOT NULL,
    user_id bigint NOT NULL REFERENCES users (id),
    id bigint NOT NULL,
    -- The event's name, and as whom they are told: the catalogue knows the rest.
    name text NOT NULL,
    part text NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    facts json NOT NULL,
    -- When it happened, by the clock that decides.
    at timestamptz NOT NULL,
    read_at timestamptz,
    -- The mail that carries it, if any does.
    delivery_id bigint,
    -- Nobody is told of anything twice.
    PRIMARY KEY (event_id, user_id),
    CONSTRAINT a_notice_is_told_to_a_known_part CHECK
        (part IN ('employer', 'freelancer', 'owner', 'bidder', 'asker', 'operator'))
);
CREATE INDEX notices_of_a_person ON notices (user_id, id DESC);
CREATE INDEX notices_unread ON notices (user_id, id DESC) WHERE read_at IS NULL;
CREATE INDEX notices_of_a_delivery ON notices (delivery_id) WHERE delivery_id IS NOT NULL;

-- Mails that wait, went out or never will. One that carries a single notice has its number.
CREATE TABLE deliveries (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    is_digest boolean NOT NULL,
    -- A digest gathers notices until it is first tried.
    is_open boolean NOT NULL,
    status text NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    due_at timestamptz,
    -- By the database's own clock: until then it is one worker's, whatever the test clock does.
    leased_until timestamptz,
    -- What went wrong the last time.
    said text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    tried_at timestamptz,
    handed_over_at timestamptz,
    CONSTRAINT a_delivery_has_a_known_status CHECK
        (status IN ('waiting', 'handed_over', 'given_up', 'not_needed')),
    CONSTRAINT only_what_waits_is_due CHECK ((status = 'waiting') = (due_at IS NOT NULL)),
    CONSTRAINT what_was_handed_over_says_when
        CHECK ((status = 'handed_over') = (handed_over_at IS NOT NULL)),
    CONSTRAINT only_a_digest_gathers CHECK (NOT is_open OR (is_digest AND status = 'waiting')),
    CONSTRAINT tries_are_counted_from_nothing CHECK (tries >= 0)
);
CREATE UNIQUE INDEX one_digest_gathers_for_a_person ON deliveries (user_id) WHERE is_open;
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE status = 'waiting';
CREATE INDEX deliveries_by_status ON deliveries (status, id DESC);

-- What somebody chose otherwise than the usual.
CREATE TABLE notice_choices (
    user_id bigint NOT NULL REFERENCES users (id),
    topic text NOT NULL,
    mail text NOT NULL,
    PRIMARY KEY (user_id, topic),
    CONSTRAINT mail_comes_at_once_daily_or_never CHECK (mail IN ('at_once', 'daily', 'never'))
);

-- The mails of a sandbox: they are kept here and sent to nobody.
CREATE TABLE sandbox_mails (
    delivery_id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL,
    raw bytea NOT NULL
);
CREATE INDEX sandbox_mails_of_a_person ON sandbox_mails (user_id, delivery_id DESC);

-- How far the worker is; see indexing.
CREATE TABLE noticing (
    id smallint PRIMARY KEY DEFAULT 1,
    -- Up to here events were looked at as soon as they were there,
    seen bigint NOT NULL,
    -- and up to here again, when nobody could still be about to commit.
    settled bigint NOT NULL,
    CONSTRAINT there_is_one_noticing CHECK (id = 1)
);
INSERT INTO noticing (seen, settled) SELECT newest, newest
FROM (SELECT coalesce(max(id), 0) AS newest FROM events) t;

-- What the links that stop mails are made from; 244 bits of it are random.
ALTER TABLE site ADD COLUMN mail_secret bytea NOT NULL
    DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');

-- Those whom the site gave a role are few among many.
CREATE INDEX people_with_a_role ON users (id) WHERE roles <> '{}';
