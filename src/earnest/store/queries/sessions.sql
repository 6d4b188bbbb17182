-- sessions.visitor --
-- Who a session signs in, if it has not ended, how they want to be shown things, and whether --
-- money moves: every page says so if it does not. Of how many notices they have not read, or that --
-- these are a hundred or more. And whether anybody can rule on disputes: without, no terms that --
-- need it are offered; whether they have still to show that their address is theirs. And when they --
-- last proved who they are. --
SELECT u.language, u.time_zone, s.seen_at, clock_timestamp(), s.kept IS NOT NULL,
    clock_timestamp() + (SELECT clock_offset FROM site),
    EXISTS (SELECT FROM halts WHERE cleared_at IS NULL), u.wants_advice,
    (SELECT count(*) FROM (
        SELECT FROM notices n WHERE n.user_id = u.id AND n.read_at IS NULL LIMIT 100
    ) t),
    EXISTS (
        SELECT FROM users a
        WHERE a.roles <> '{}' AND 'arbiter' = ANY (a.roles) AND a.status = 'active'
    ),
    u.is_unverified, s.proved_at, u.wants_keys,
    u.id, u.name, u.email, u.status, u.roles, u.created_at, u.updated_at
FROM sessions s
JOIN users u ON u.id = s.user_id
WHERE s.hash = $1 AND s.expires_at > clock_timestamp()

-- sessions.owner --
-- Whose session this is, or was. --
SELECT user_id FROM sessions WHERE hash = $1

-- sessions.of_person --
-- Where a person is signed in: this session first, then the one that was used last. --
SELECT encode(substr(hash, 1, 8), 'hex'), browser, system, created_at, seen_at, hash = $2
FROM sessions WHERE user_id = $1 AND expires_at > clock_timestamp()
ORDER BY hash = $2 DESC, seen_at DESC, hash
LIMIT $3
