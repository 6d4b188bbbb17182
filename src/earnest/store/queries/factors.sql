-- factors.of_person --
-- What a person has beside their password: since when an app, how many passkeys and how many of them --
-- are of use, how many recovery codes are left, and how many there were. --
SELECT (SELECT created_at FROM authenticators WHERE user_id = $1),
    (SELECT count(*) FROM passkeys WHERE user_id = $1),
    (SELECT count(*) FROM passkeys WHERE user_id = $1 AND stopped_at IS NULL),
    count(*) FILTER (WHERE used_at IS NULL), count(*)
FROM recovery_codes WHERE user_id = $1

-- factors.app --
-- The sealed secret of somebody's app, and the moment of the last code that counted. --
SELECT sealed, last_step FROM authenticators WHERE user_id = $1

-- factors.sealed --
-- The sealed secrets of the apps that were set up last, and whose they are. --
SELECT user_id, sealed FROM authenticators ORDER BY created_at DESC, user_id DESC LIMIT $1

-- factors.begun --
-- Whose sign-in waits for a second factor under this secret, and where they were going. --
SELECT user_id, onward, kept::text FROM sign_ins_begun
WHERE hash = $1 AND expires_at > clock_timestamp()

-- factors.own_limits --
-- Above which amounts a person wants to be asked who they are. --
SELECT currency, minor FROM own_limits WHERE user_id = $1 ORDER BY currency
