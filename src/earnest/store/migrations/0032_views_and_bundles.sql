-- What people keep of lists and keys: saved filters, whether single keys lead anywhere, and what was
-- checked together to be released.
-- Locks: users and intents for a moment each, while a column is added; intents while its index is
-- made, which is of what lives for minutes.

ALTER TABLE users ADD COLUMN wants_keys boolean NOT NULL DEFAULT TRUE;

ALTER TABLE intents ADD COLUMN bundle bigint;
CREATE INDEX intents_of_a_bundle ON intents (bundle, id) WHERE bundle IS NOT NULL;

-- A filter of a list under a name of somebody's own. The query is as the list itself writes it.
CREATE TABLE views (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    place smallint NOT NULL,
    list text NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    CONSTRAINT nobody_saves_more_than_twenty_views CHECK (place BETWEEN 1 AND 20),
    CONSTRAINT a_view_has_a_name CHECK (char_length(name) BETWEEN 1 AND 80)
);
CREATE UNIQUE INDEX every_view_has_a_place_of_its_own ON views (user_id, place);
CREATE UNIQUE INDEX no_two_views_of_a_list_have_one_name ON views (user_id, list, name);
