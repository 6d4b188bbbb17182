-- contracts.visible --
-- A contract that this person is a side of. --
(t.employer_id = $1 OR t.freelancer_id = $1)

-- contracts.as_employer --
-- Which this person offered. --
t.employer_id = $1

-- contracts.as_freelancer --
-- Which this person was offered. --
t.freelancer_id = $1

-- contracts.waiting_for_freelancer --
-- Not answered yet. --
t.status = 'offered'

-- contracts.where_employer --
-- For what is found through a contract: this person is its employer. --
c.employer_id = $1

-- contracts.where_freelancer --
-- For what is found through a contract: this person is its freelancer. --
c.freelancer_id = $1

-- contracts.where_this --
-- For what is found through a contract: it is this one. --
c.id = $1

-- contracts.where_of_bid --
-- For what is found through a contract: it was awarded for this project and this bid. --
c.project_id = $1 AND c.bid_id = $2

-- contracts.through --
-- What belongs to a contract that this person is a side of. --
EXISTS (
    SELECT FROM contracts c
    WHERE c.id = t.contract_id AND (c.employer_id = $1 OR c.freelancer_id = $1)
)

-- contracts.employer --
-- Who the employer of a contract is, for who is a side of it. --
SELECT employer_id FROM contracts
WHERE id = $1 AND (employer_id = $2 OR freelancer_id = $2)

-- contracts.called --
-- With words in the names of its sides or the title of its project: a condition on documents. --
EXISTS (SELECT FROM documents_of_contracts d WHERE d.id = t.id AND d.words @@ $1::text::tsquery)

-- contracts.these --
-- The contracts of these numbers. --
SELECT {columns} FROM contracts t WHERE t.id = ANY($1)
