-- lists.item --
-- One row of a table, if it may be seen. --
SELECT {columns} FROM {table} t WHERE {where}

-- lists.own --
-- Rows that say themselves whose they are. --
SELECT {columns} FROM {table} t WHERE {side} AND {where} ORDER BY {order} LIMIT {limit}

-- lists.through_contracts --
-- Rows that are somebody's through a contract: the first ones of each contract, of which the first --
-- are read whole. --
SELECT {columns} FROM {table} t WHERE t.id IN (
    SELECT t.id FROM contracts c CROSS JOIN LATERAL (
        SELECT * FROM {table} t WHERE t.contract_id = c.id AND {where} ORDER BY {order} LIMIT {limit}
    ) t WHERE {side} ORDER BY {order} LIMIT {limit}
)

-- lists.together --
-- What several sides gave, as one page. --
SELECT * FROM ({branches}) t ORDER BY {order} LIMIT {limit}

-- lists.this --
-- The row of this number. --
t.id = $1

-- lists.anybodys --
-- Whosever it is; only for staff. --
TRUE

-- lists.with_status --
-- In one of these statuses. --
t.status = ANY($1::text[])

-- lists.in_contract --
-- Of this contract. --
t.contract_id = $1

-- lists.in_project --
-- Of this project. --
t.project_id = $1

-- lists.in_currency --
-- In this currency. --
t.currency = $1

-- lists.created_from --
-- Made at this moment or later. --
t.created_at >= $1

-- lists.created_before --
-- Made before this moment. --
t.created_at < $1

-- lists.at_least --
-- Of this many minor units or more. --
t.amount >= $1

-- lists.at_most --
-- Of this many minor units or fewer. --
t.amount <= $1

-- lists.these --
-- The rows of these numbers. --
t.id = ANY($1::bigint[])

-- lists.by_number --
-- What sorting by the number alone goes by, where the oldest comes first. --
t.id

-- lists.beside --
-- What lies beside a row, under its number. --
SELECT {columns} FROM {table} WHERE {key} = $1
