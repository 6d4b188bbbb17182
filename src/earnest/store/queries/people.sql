-- people.name --
-- What a person is called. --
SELECT name FROM users WHERE id = $1

-- people.names --
-- What these people are called. --
SELECT id, name FROM users WHERE id = ANY($1)
