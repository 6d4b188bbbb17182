-- calendars.owner --
-- Whose calendar an address is, if it has not ended, and in which language they read. --
SELECT u.id, u.language
FROM calendars c
JOIN users u ON u.id = c.user_id
WHERE c.hash = $1 AND c.ended_at IS NULL

-- calendars.since --
-- Since when a person has the address that they have. --
SELECT created_at FROM calendars WHERE user_id = $1 AND ended_at IS NULL
