-- tokens.bearers --
-- Whom tokens sign in, if they are neither revoked nor expired. The clock is the database's own: --
-- a test clock that is moved forward locks nobody out. And of each whether it is time to write --
-- down that it is in use. --
SELECT t.seen_at IS NULL OR t.seen_at < clock_timestamp() - $2::interval, t.hash, t.id, t.scopes, u.is_unverified, u.id, u.name, u.email, u.status, u.roles, u.created_at, u.updated_at
FROM tokens t
JOIN users u ON u.id = t.user_id
WHERE t.hash = ANY($1) AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()

-- tokens.all_of --
-- All tokens of a person, the newest first. --
SELECT id, user_id, name, scopes, created_at, expires_at, revoked_at, seen_at
FROM tokens WHERE user_id = $1 ORDER BY id DESC

-- tokens.working --
-- The tokens of a person that work, the newest first. --
SELECT id, user_id, name, scopes, created_at, expires_at, revoked_at, seen_at
FROM tokens WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()
ORDER BY id DESC

-- tokens.in_force --
-- How many tokens of a person work. --
SELECT count(*) FROM tokens
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()

-- tokens.visible --
-- A person's own. --
t.user_id = $1
