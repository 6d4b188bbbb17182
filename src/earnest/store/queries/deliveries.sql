-- deliveries.recipients --
-- To whom these mails go, and how they want to be told. --
SELECT id, name, email, language, time_zone, is_unverified FROM users WHERE id = ANY($1::bigint[])

-- deliveries.secret --
-- What the links that stop mails are made from. --
SELECT mail_secret FROM site

-- deliveries.next --
-- When a mail is due next; nothing on a restored site before it resumes. --
SELECT min(due_at) FROM deliveries
WHERE status = 'waiting' AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)

-- deliveries.counts --
-- How many mails wait, since when and how often the unluckiest was tried; and how many never went. --
SELECT count(*) FILTER (WHERE status = 'waiting'), min(created_at) FILTER (WHERE status = 'waiting'),
    count(*) FILTER (WHERE status = 'waiting' AND tries > 0),
    count(*) FILTER (WHERE status = 'given_up'),
    clock_timestamp() + (SELECT clock_offset FROM site)
FROM deliveries WHERE status IN ('waiting', 'given_up')

-- deliveries.with_recipient --
-- Mails with whom they go to. --
(SELECT d.*, u.name FROM deliveries d JOIN users u ON u.id = d.user_id)

-- deliveries.carried --
-- Of which events these mails tell, the oldest first; of a change of an account, of none. --
SELECT delivery_id, array_agg(name ORDER BY id) FROM notices
WHERE delivery_id = ANY($1::bigint[]) GROUP BY 1
UNION ALL
SELECT id, ARRAY['account.' || name] FROM account_changes WHERE id = ANY($1::bigint[])

-- deliveries.mails --
-- The mails of a sandbox, as they would have gone out; of one person, or everybody's. --
SELECT delivery_id, user_id, at, raw FROM sandbox_mails
WHERE ($1::bigint IS NULL OR user_id = $1) AND delivery_id < $2
ORDER BY delivery_id DESC LIMIT $3

-- deliveries.mail --
-- One of them. --
SELECT delivery_id, user_id, at, raw FROM sandbox_mails
WHERE ($1::bigint IS NULL OR user_id = $1) AND delivery_id = $2
