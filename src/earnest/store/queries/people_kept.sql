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
