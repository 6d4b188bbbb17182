-- attempts.lately --
-- How often something was tried in the window that is not over, and how long it still lasts. --
SELECT count, expires_at - clock_timestamp() AS left
FROM attempts WHERE key = $1 AND expires_at > clock_timestamp()
