-- account.lately --
-- What changed last about how a person signs in. --
SELECT name, about, at FROM account_changes WHERE user_id = $1 ORDER BY id DESC LIMIT $2

-- account.carried --
-- Of which changes these mails tell. --
SELECT id, name, about, at FROM account_changes WHERE id = ANY($1::bigint[])
