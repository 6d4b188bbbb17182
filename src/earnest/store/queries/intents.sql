-- intents.of_person --
-- What this person was shown under this number. --
SELECT action, subject_id, fields, effect_hash, shown, expires_at, expires_at < clock_timestamp()
FROM intents WHERE id = $1 AND user_id = $2

-- intents.answered --
-- How a command was answered: by an event, or by a problem. --
SELECT event_id, problem FROM commands WHERE actor_id = $1 AND key = $2
