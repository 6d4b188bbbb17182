-- people.name --
-- What a person is called. --
SELECT name FROM users WHERE id = $1

-- people.names --
-- What these people are called. --
SELECT id, name FROM users WHERE id = ANY($1)

-- people.found --
-- People with words in their name that begin like these, or with exactly this address; but not --
-- the one who looks. Of very many any are found, since nobody reads them all. --
SELECT id, name FROM (
    (SELECT id, name FROM users WHERE lower(email) = lower($2) AND id <> $3)
    UNION
    (SELECT u.id, u.name FROM users u, (SELECT to_tsquery('simple', $1) AS words OFFSET 0) q
    WHERE $1::text <> '' AND to_tsvector('simple', u.name) @@ q.words AND u.id <> $3
    LIMIT 200)
) found
ORDER BY name, id LIMIT $4
