-- events.visible --
-- What happened in a contract of this person, to what is theirs, or from their own row. --
CASE
    WHEN t.contract_id IS NOT NULL THEN EXISTS (
        SELECT FROM contracts c
        WHERE c.id = t.contract_id AND (c.employer_id = $1 OR c.freelancer_id = $1)
    )
    WHEN t.subject_kind = 'user' THEN t.subject_id = $1
    WHEN t.subject_kind = 'deposit' THEN EXISTS (
        SELECT FROM deposits d WHERE d.id = t.subject_id AND d.user_id = $1
    )
    WHEN t.subject_kind = 'withdrawal' THEN EXISTS (
        SELECT FROM withdrawals w WHERE w.id = t.subject_id AND w.user_id = $1
    )
    ELSE FALSE
END

-- events.of_own_row --
-- What somebody began from their own row and is counted in no contract. --
t.subject_id = $1 AND t.subject_kind = 'user' AND t.contract_id IS NULL

-- events.from_own_row --
-- All that was begun from a person's row. --
t.subject_id = $1 AND t.subject_kind = 'user'

-- events.of_contract --
-- What is counted in this contract. --
t.contract_id = $1

-- events.of_payment --
-- What happened to a deposit or a withdrawal, or made it from its owner's row. --
t.subject_id = ANY($1::bigint[]) AND t.subject_kind IN ('user', 'deposit', 'withdrawal')

-- events.telling_of --
-- Whose body has the row of this reference. In a text a quotation mark is escaped, so only a --
-- member of a row can look like this. --
position('"id":"' || $1::text || '"' IN t.body::text) > 0

-- events.by_seq --
-- What sorting within a contract goes by. --
t.seq

-- events.happened_from --
-- At this moment or later. --
t.at >= $1

-- events.happened_before --
-- Before this moment. --
t.at < $1

-- events.through_deposits --
-- What happened to the deposits of a person. --
SELECT {columns} FROM deposits p CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.id AND t.subject_kind = 'deposit' AND {where}
    ORDER BY {order} LIMIT {limit}
) t WHERE {side}

-- events.through_withdrawals --
-- What happened to the withdrawals of a person. --
SELECT {columns} FROM withdrawals p CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.id AND t.subject_kind = 'withdrawal' AND {where}
    ORDER BY {order} LIMIT {limit}
) t WHERE {side}

-- events.where_payer --
-- For what is found through a deposit or a withdrawal: it is this person's. --
p.user_id = $1
