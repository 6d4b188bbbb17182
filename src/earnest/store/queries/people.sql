-- people.name --
-- What a person is called. --
SELECT name FROM users WHERE id = $1

-- people.names --
-- What these people are called. --
SELECT id, name FROM users WHERE id = ANY($1)

-- people.found --
-- People with words in their name that begin like these, or with exactly this address; but not --
-- the one who looks. --
SELECT id, name FROM users
WHERE id <> $3 AND (
    ($1::text <> '' AND to_tsvector('simple', name) @@ to_tsquery('simple', $1))
    OR lower(email) = lower($2)
)
ORDER BY name, id LIMIT $4
