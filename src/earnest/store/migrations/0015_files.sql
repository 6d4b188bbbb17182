-- Files: what somebody put here, how much that is, and what each of them is attached to.
-- Locks: projects, bids and messages for a moment each, while a column is added.

-- The bytes are kept beside the database, under their digest.
CREATE TABLE files (
    id bigint PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    name text NOT NULL,
    size bigint NOT NULL,
    type text NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_file_is_called_something CHECK (name <> ''),
    CONSTRAINT a_file_has_something_in_it CHECK (size > 0),
    CONSTRAINT a_digest_is_that_of_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
CREATE INDEX files_of_a_person ON files (owner_id, id DESC);
CREATE INDEX files_of_the_same_bytes ON files (sha256);

CREATE TABLE file_counters (
    owner_id bigint PRIMARY KEY REFERENCES users (id),
    files bigint NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT who_is_counted_has_put_something_here CHECK (files > 0 AND bytes >= files)
) WITH (fillfactor = 70);

-- At a place that its row no longer counts, what stands there was attached before it was changed.
CREATE TABLE attachments (
    parent_id bigint NOT NULL,
    position bigint NOT NULL,
    parent_kind text NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (parent_id, position),
    CONSTRAINT ten_files_have_their_places CHECK (position BETWEEN 1 AND 10),
    CONSTRAINT files_are_attached_to_what_is_read
        CHECK (parent_kind IN ('project', 'bid', 'message'))
);
CREATE INDEX attachments_of_a_file ON attachments (file_id);

-- What was made before, and what an older version still makes, has none.
ALTER TABLE projects
    ADD COLUMN files bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT a_project_has_at_most_ten_files CHECK (files BETWEEN 0 AND 10);
ALTER TABLE bids
    ADD COLUMN files bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT a_bid_has_at_most_ten_files CHECK (files BETWEEN 0 AND 10);
ALTER TABLE messages
    ADD COLUMN files bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT a_message_has_at_most_ten_files CHECK (files BETWEEN 0 AND 10);
