-- restores.waiting --
-- The backup that this site was restored from, and since when, while its payments are paused. --
SELECT taken_at, at FROM restores WHERE resumed_at IS NULL ORDER BY id DESC LIMIT 1

-- restores.open_payments --
-- How many payments a gateway has been or is to be asked about. --
SELECT (SELECT count(*) FROM deposits WHERE status = 'pending')
    + (SELECT count(*) FROM withdrawals WHERE status IN ('requested', 'approved', 'sent'))

-- restores.is_empty --
-- Whether there is nothing in the database that a backup could run into. --
SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)

-- restores.mode_and_now --
-- What kind of a site this is, and the database's own clock. --
SELECT mode, clock_timestamp() FROM site
