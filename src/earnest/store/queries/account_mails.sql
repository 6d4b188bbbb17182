-- account_mails.to_write --
-- What mails about accounts say, of those deliveries that are such mails. Whether it is too late --
-- for their links; and whether the new address has become, or was all the time, somebody else's. --
SELECT m.id, m.kind, m.email, m.expires_at,
    m.ended_at IS NOT NULL OR coalesce(m.expires_at < clock_timestamp(), FALSE),
    c.old_email, c.new_email,
    m.kind = 'change' AND (
        EXISTS (SELECT FROM users u WHERE lower(u.email) = lower(c.new_email) AND u.id <> m.user_id)
        OR EXISTS (
            SELECT FROM address_changes h
            WHERE lower(h.old_email) = lower(c.new_email) AND h.user_id <> m.user_id
                AND h.made_at > clock_timestamp() - $2::interval AND h.ended_at IS NULL
        )
    )
FROM account_mails m
LEFT JOIN address_changes c ON c.id = m.change_id
WHERE m.id = ANY($1::bigint[])

-- account_mails.by_hash --
-- The mail that a link came in, whose it is and what it is about; none if it does nothing any more. --
-- What was sent to an address counts as long as it is theirs, or was in this very change. --
SELECT m.id, m.user_id, u.name, m.kind, m.email, m.change_id, c.old_email, c.new_email
FROM account_links l
JOIN account_mails m ON m.id = l.mail_id
JOIN users u ON u.id = m.user_id
LEFT JOIN address_changes c ON c.id = m.change_id
WHERE l.hash = $1 AND m.kind = ANY($2::text[]) AND m.ended_at IS NULL
    AND m.expires_at > clock_timestamp()
    AND (m.change_id IS NOT NULL OR lower(m.email) = lower(u.email))
    AND (m.kind <> 'change' OR (c.made_at IS NULL AND c.ended_at IS NULL))

-- account_mails.change_waiting --
-- The change of address that a person has asked for, and that waits for its link. --
SELECT id, old_email, new_email, expires_at FROM address_changes
WHERE user_id = $1 AND made_at IS NULL AND ended_at IS NULL AND expires_at > clock_timestamp()

-- account_mails.change_made --
-- The newest change of address that can still be undone. --
SELECT id, old_email, new_email, made_at + $2::interval FROM address_changes
WHERE user_id = $1 AND made_at > clock_timestamp() - $2::interval AND ended_at IS NULL
ORDER BY id DESC LIMIT 1

-- account_mails.is_held --
-- Whether somebody left this address so lately that they can still come back to it. --
SELECT EXISTS (
    SELECT FROM address_changes
    WHERE lower(old_email) = lower($1) AND user_id <> $2
        AND made_at > clock_timestamp() - $3::interval AND ended_at IS NULL
)
