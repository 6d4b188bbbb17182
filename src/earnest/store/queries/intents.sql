-- intents.of_person --
-- What this person was shown under this number. --
SELECT id, action, subject_id, fields, effect_hash, shown, expires_at,
    expires_at < clock_timestamp()
FROM intents WHERE id = $1 AND user_id = $2

-- intents.of_bundle --
-- What this person was shown together under this number. --
SELECT id, action, subject_id, fields, effect_hash, shown, expires_at,
    expires_at < clock_timestamp()
FROM intents WHERE bundle = $1 AND user_id = $2 ORDER BY id

-- intents.answered --
-- How a command was answered: by an event, or by a problem. --
SELECT event_id, problem FROM commands WHERE actor_id = $1 AND key = $2

-- intents.answered_all --
-- How each of these commands was answered, if it was. --
SELECT key, event_id, problem FROM commands WHERE actor_id = $1 AND key = ANY($2::text[])
