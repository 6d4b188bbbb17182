-- people.all --
-- Everybody, the newest first. --
SELECT id, name, email, status, roles, created_at, updated_at, password_hash IS NOT NULL AS signs_in
FROM users
ORDER BY id DESC

-- people.by_email --
-- Who has this address, in whatever case it is written. --
SELECT id, name, email, status, roles, created_at, updated_at
FROM users
WHERE lower(email) = lower($1)

-- people.by_id --
-- Who has this number. --
SELECT id, name, email, status, roles, created_at, updated_at
FROM users
WHERE id = $1

-- people.credentials --
-- Who has this address, in whatever case it is written, and what is kept of their password. --
SELECT id, name, email, status, roles, created_at, updated_at, password_hash
FROM users
WHERE lower(email) = lower($1)

-- people.password_of --
-- What is kept of a person's password. --
SELECT password_hash FROM users WHERE id = $1

-- people.first_who_sign_in --
-- The first who have a password. --
SELECT name, email FROM users WHERE password_hash IS NOT NULL ORDER BY id LIMIT $1

-- people.can_anybody_sign_in --
-- Whether there is somebody with a password. --
SELECT EXISTS (SELECT FROM users WHERE password_hash IS NOT NULL)
