-- Whose mailbox an address is: it is proven by a link in a mail; and so are a forgotten password and
-- another address.
-- Locks: users for a moment, while a column is added; else creates only, safe while the product runs.

-- Who was here before is taken at their word, and so is whom an operator adds.
ALTER TABLE users ADD COLUMN is_unverified boolean NOT NULL DEFAULT FALSE;

-- Another address for somebody: asked for, then made by who reads the new one, or ended by who
-- reads the old one. All of it goes by the database's own clock, as every secret does.
CREATE TABLE address_changes (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    old_email text NOT NULL,
    new_email text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    made_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT another_address_is_another CHECK (lower(old_email) <> lower(new_email)),
    CONSTRAINT a_change_of_address_expires_later CHECK (expires_at > created_at)
);
CREATE INDEX address_changes_of_a_person ON address_changes (user_id, id DESC);
CREATE UNIQUE INDEX one_change_of_address_waits ON address_changes (user_id)
    WHERE made_at IS NULL AND ended_at IS NULL;
-- Nobody else has an address while whoever left it can still say that it was not them.
CREATE INDEX addresses_that_are_held ON address_changes (lower(old_email), made_at)
    WHERE made_at IS NOT NULL AND ended_at IS NULL;

-- Mails about somebody's account, which no event tells of. One has the number of its delivery.
CREATE TABLE account_mails (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    -- To which address it goes.
    email text NOT NULL,
    change_id bigint REFERENCES address_changes (id),
    created_at timestamptz NOT NULL,
    -- Until when its link does what it says; none if it has no such link.
    expires_at timestamptz,
    -- Its link was used, or something else made it pointless.
    ended_at timestamptz,
    CONSTRAINT an_account_mail_has_a_known_kind CHECK
        (kind IN ('verify', 'reset', 'password', 'change', 'changing', 'changed')),
    CONSTRAINT only_a_change_of_address_is_told_as_one CHECK
        ((kind IN ('change', 'changing', 'changed')) = (change_id IS NOT NULL))
);
CREATE INDEX account_mails_of_a_person ON account_mails (user_id, kind, id DESC);

-- A secret is made when its mail is written, and again when that is tried anew: each of them works.
CREATE TABLE account_links (
    hash bytea PRIMARY KEY,
    mail_id bigint NOT NULL REFERENCES account_mails (id),
    CONSTRAINT only_the_hash_of_a_link_is_kept CHECK (length(hash) = 32)
);
