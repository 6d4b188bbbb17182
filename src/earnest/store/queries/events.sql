-- events.visible --
-- What happened in a contract of this person, to what is theirs, or from their own row; and what --
-- is public: what happened to a project, but for the bids. --
CASE
    WHEN t.contract_id IS NOT NULL THEN EXISTS (
        SELECT FROM contracts c
        WHERE c.id = t.contract_id AND (c.employer_id = $1 OR c.freelancer_id = $1)
    )
    WHEN t.subject_kind IN ('contract', 'dispute') THEN t.actor_id = $1
    WHEN t.subject_kind = 'user' THEN t.subject_id = $1 OR t.name = 'project.posted'
    WHEN t.subject_kind = 'project' THEN t.name LIKE 'project.%' OR t.actor_id = $1
        OR EXISTS (SELECT FROM projects p WHERE p.id = t.subject_id AND p.employer_id = $1)
    WHEN t.subject_kind = 'bid' THEN EXISTS (
        SELECT FROM bids b
        WHERE b.id = t.subject_id AND (b.employer_id = $1 OR b.bidder_id = $1
            AND t.name NOT IN ('bid.shortlisted', 'bid.unshortlisted'))
    )
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

-- events.of_project --
-- What everybody may know of what happened to a project; bids are not part of that. --
t.subject_id = $1 AND t.subject_kind = 'project' AND t.name LIKE 'project.%'

-- events.of_posting --
-- How somebody posted projects, from their own row. --
t.subject_id = $1 AND t.subject_kind = 'user' AND t.name = 'project.posted'

-- events.of_bid --
-- How a bid was placed, on its project's row, and what happened to it outside of contracts. --
t.subject_id = ANY ($1::bigint[]) AND t.subject_kind IN ('project', 'bid')
    AND t.name LIKE 'bid.%' AND t.contract_id IS NULL

-- events.but_the_shortlist --
-- Not who is on a shortlist, which is the employer's alone. --
t.name NOT IN ('bid.shortlisted', 'bid.unshortlisted')

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

-- events.through_projects --
-- What happened to the projects of a person, and who bid for them: first which, then all of it. --
-- No bid has the number of a project, so the index alone says which. --
SELECT {columns} FROM (
    SELECT t.id FROM projects p CROSS JOIN LATERAL (
        SELECT t.id FROM events t
        WHERE t.subject_id = p.id AND t.subject_kind IN ('project', 'bid') AND {where}
        ORDER BY {order} LIMIT {limit}
    ) t
    WHERE {side} ORDER BY {order} LIMIT {limit}
) found JOIN events t ON t.id = found.id

-- events.through_bids --
-- What happened to bids outside of contracts. --
SELECT {columns} FROM bids p CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.id AND t.subject_kind = 'bid'
        AND t.contract_id IS NULL AND {where}
    ORDER BY {order} LIMIT {limit}
) t WHERE {side}

-- events.through_places --
-- How a person placed their bids, on the rows of the projects that they bid for. --
SELECT {columns} FROM (SELECT DISTINCT p.project_id, p.bidder_id FROM bids p WHERE {side}) p
CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.project_id AND t.subject_kind = 'project'
        AND t.name = 'bid.placed' AND t.actor_id = p.bidder_id AND {where}
    ORDER BY {order} LIMIT {limit}
) t

-- events.through_reviews --
-- How a person gave their reviews, which is counted in no contract. --
SELECT {columns} FROM reviews p CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.contract_id AND t.subject_kind = 'contract'
        AND t.contract_id IS NULL AND t.actor_id = p.reviewer_id AND {where}
    ORDER BY {order} LIMIT {limit}
) t WHERE {side}

-- events.through_sealed_offers --
-- How a person made their sealed offers, which is counted in no contract and known to nobody else. --
SELECT {columns} FROM sealed_offers p CROSS JOIN LATERAL (
    SELECT * FROM events t WHERE t.subject_id = p.dispute_id AND t.subject_kind = 'dispute'
        AND t.contract_id IS NULL AND t.actor_id = p.maker_id AND {where}
    ORDER BY {order} LIMIT {limit}
) t WHERE {side}

-- events.where_maker --
-- For what is found through a sealed offer: this person made it. --
p.maker_id = $1

-- events.where_reviewer --
-- For what is found through a review: this person gave it. --
p.reviewer_id = $1

-- events.where_employer --
-- For what is found through a project or a bid: this person is the employer. --
p.employer_id = $1

-- events.where_bidder --
-- For what is found through a bid: it is this person's. --
p.bidder_id = $1

-- events.where_payer --
-- For what is found through a deposit or a withdrawal: it is this person's. --
p.user_id = $1

-- events.done_by --
-- What this person did. --
t.actor_id = $1
