-- people.name --
-- What a person is called. --
SELECT name FROM users WHERE id = $1

-- people.card --
-- What a person is called, and since when they are here. --
SELECT name, created_at FROM users WHERE id = $1

-- people.names --
-- What these people are called. --
SELECT id, name FROM users WHERE id = ANY($1)

-- people.found --
-- People with words in their name that begin like these, or with exactly this address; but not --
-- the one who looks. A word of one byte would find everybody; of very many any are found, since --
-- nobody reads them all. --
SELECT id, name FROM (
    (SELECT id, name FROM users WHERE lower(email) = lower($1) AND id <> $2)
    UNION
    (SELECT u.id, u.name FROM users u, (
        SELECT to_tsquery('simple', string_agg('''' || word || ''':*', ' & ')) AS words
        FROM (SELECT word FROM string_to_table(searched($1), ' ') word
            WHERE octet_length(word) >= $3 LIMIT 6) first
        OFFSET 0
    ) q
    WHERE to_tsvector('simple', searched(u.name)) @@ q.words AND u.id <> $2
    LIMIT 200)
) found
ORDER BY name, id LIMIT $4

-- people.number_of --
-- Whose address this is, in whatever case it is written. --
SELECT id FROM users WHERE lower(email) = lower($1)
