-- account.lately --
-- What changed last about how a person signs in; if it is asked, only within so long. --
SELECT name, about, at FROM account_changes WHERE user_id = $1
    AND ($3::interval IS NULL OR at > clock_timestamp() - $3 + (SELECT clock_offset FROM site))
ORDER BY id DESC LIMIT $2

-- account.carried --
-- Of which changes these mails tell. --
SELECT id, name, about, at FROM account_changes WHERE id = ANY($1::bigint[])
