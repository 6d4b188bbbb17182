-- checkup.server --
-- What must be right with a server and a database, whatever is kept in it. --
SELECT
    current_setting('server_version_num')::int AS version,
    (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database())
        AS encoding,
    ARRAY(
        SELECT name FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name
    ) AS unsafe,
    ARRAY(
        SELECT allowed FROM (
            SELECT sum(CASE name WHEN 'max_connections' THEN 1 ELSE -1 END * setting::int) AS allowed
            FROM pg_settings WHERE name IN (
                'max_connections', 'superuser_reserved_connections', 'reserved_connections'
            )
            UNION ALL
            SELECT datconnlimit FROM pg_database WHERE datname = current_database()
            UNION ALL
            SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user
        ) AS limits WHERE allowed >= 0
    )::int[] AS connections,
    clock_timestamp() AS now,
    to_regclass('migrations') IS NOT NULL AND to_regclass('site') IS NOT NULL AS is_ours,
    ARRAY(
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT (
            has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
            AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')
        ) ORDER BY relname
    ) AS closed

-- checkup.migrations --
-- Which migrations were made, and of which text. --
SELECT name, sha256 FROM migrations

-- checkup.site --
-- What must be right with the books, and with those who work on them. --
SELECT
    s.mode,
    (SELECT what FROM halts WHERE cleared_at IS NULL ORDER BY id LIMIT 1) AS halt,
    (SELECT taken_at FROM restores WHERE resumed_at IS NULL ORDER BY id DESC LIMIT 1)
        AS restored_from,
    (SELECT count(*) FROM breaks) AS breaks,
    (SELECT max(id) FROM events) AS newest,
    (SELECT EXISTS (SELECT FROM users WHERE password_hash IS NOT NULL)) AS has_people,
    (SELECT EXISTS (SELECT FROM users WHERE status = 'active' AND 'arbiter' = ANY (roles)))
        AS has_arbiter,
    clock_timestamp() + s.clock_offset - least(
        (SELECT min(wakes_at) FROM contracts WHERE wakes_at IS NOT NULL),
        (SELECT min(wakes_at) FROM projects WHERE wakes_at IS NOT NULL)
    ) AS clock_late
FROM site s

-- checkup.waiting --
-- Payments that wait for each gateway: how many, since when, and how long nobody has looked. --
SELECT p.gateway, count(*) AS payments, min(p.created_at) AS since,
    max(clock_timestamp() + s.clock_offset - p.wakes_at) AS late
FROM site s, (
    SELECT gateway, created_at, wakes_at FROM deposits WHERE wakes_at IS NOT NULL
    UNION ALL
    SELECT gateway, created_at, wakes_at FROM withdrawals WHERE wakes_at IS NOT NULL
) AS p
GROUP BY p.gateway ORDER BY p.gateway
