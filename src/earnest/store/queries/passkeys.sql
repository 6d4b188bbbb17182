-- passkeys.of_person --
-- Every passkey of a person, in the order in which they were added. --
SELECT id, user_id, credential, public_key, name, created_at, used_at, stopped_at
FROM passkeys WHERE user_id = $1 ORDER BY id

-- passkeys.by_credential --
-- The passkey that an authenticator calls so. --
SELECT id, user_id, credential, public_key, name, created_at, used_at, stopped_at
FROM passkeys WHERE credential = $1
