-- milestones.visible --
-- Of a contract that this person is a side of. --
(t.employer_id = $1 OR t.freelancer_id = $1)

-- milestones.as_employer --
-- Which this person pays. --
t.employer_id = $1

-- milestones.as_freelancer --
-- Which this person works on. --
t.freelancer_id = $1

-- milestones.waiting_for_employer --
-- Asked for, or submitted: the employer's turn. --
t.status IN ('requested', 'submitted')

-- milestones.waiting_for_freelancer --
-- To be worked on, or asked back: the freelancer's turn. --
(t.status = 'funded' OR t.status = 'submitted' AND t.cancel_asked_at IS NOT NULL)

-- milestones.saying --
-- With these words in the description; the pattern has its wildcards escaped. --
t.description ILIKE $1

-- milestones.in_project --
-- Of a contract that was awarded for this project. --
t.contract_id = ANY (ARRAY(SELECT c.id FROM contracts c WHERE c.project_id = $1))

-- milestones.by_amount --
-- What sorting by amount goes by. --
t.amount

-- milestones.by_updated_at --
-- What sorting by the last change goes by. --
t.updated_at

-- milestones.by_due_at --
-- What sorting by the due date goes by: without one it comes last. --
COALESCE(t.due_at, '3000-01-01T00:00:00Z')

-- milestones.by_due_at_down --
-- The same for the latest first: without a due date it comes last as well. --
COALESCE(t.due_at, '1900-01-01T00:00:00Z')

-- milestones.left --
-- What a funded milestone holds: the balance of its escrow account, as the watchman finds it after --
-- every batch. It stands in the row, so that who adds up thousands need not look up an account each. --
m.amount - m.released - m.returned - m.releasing - m.frozen

-- milestones.live_of_contract --
-- Some milestones of a contract that have not ended, first those that hold something. --
SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('requested', 'funded', 'submitted')
ORDER BY t.status = 'requested', t.id LIMIT $2

-- milestones.accepted_with --
-- What the live milestones of each of these contracts hold, what of theirs is on its way, and what --
-- was meant by each of them. --
SELECT m.contract_id,
    coalesce(sum({left}) FILTER (WHERE m.status <> 'requested'), 0)::bigint AS held,
    sum(m.releasing)::bigint AS releasing,
    array_agg(m.id ORDER BY m.id) AS ids, array_agg(m.agreement_hash ORDER BY m.id) AS hashes
FROM milestones m
WHERE m.contract_id = ANY($1::bigint[]) AND m.status IN ('requested', 'funded', 'submitted')
GROUP BY m.contract_id

-- milestones.about --
-- With these words in the description, or with a person called so; the pattern is escaped. --
(t.description ILIKE $1 OR EXISTS (
    SELECT FROM users u
    WHERE u.id IN (t.employer_id, t.freelancer_id) AND u.name ILIKE $1
))

-- milestones.held_in --
-- How many live milestones each of these contracts has, and what they hold together. --
SELECT m.contract_id, count(*) AS live,
    coalesce(sum({left}) FILTER (WHERE m.status <> 'requested'), 0)::bigint AS held
FROM milestones m
WHERE m.contract_id = ANY($1::bigint[]) AND m.status IN ('requested', 'funded', 'submitted')
GROUP BY m.contract_id
