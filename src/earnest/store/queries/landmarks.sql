-- landmarks.employers --
-- Who pays for the most milestones, and who for as many as most do. --
WITH paying AS (
    SELECT employer_id AS id, sum(milestones) AS milestones, count(*) OVER () AS people,
        row_number() OVER (ORDER BY sum(milestones) DESC, employer_id) AS place
    FROM contracts GROUP BY employer_id
)
SELECT id FROM paying WHERE place IN (1, (people + 1) / 2) ORDER BY place

-- landmarks.freelancers --
-- Who has the most contracts, and who as many as most have. --
WITH working AS (
    SELECT freelancer_id AS id, count(*) OVER () AS people,
        row_number() OVER (ORDER BY count(*) DESC, freelancer_id) AS place
    FROM contracts GROUP BY freelancer_id
)
SELECT id FROM working WHERE place IN (1, (people + 1) / 2) ORDER BY place

-- landmarks.staff --
-- The first operator and the first arbiter, if there are any. --
SELECT (SELECT min(id) FROM users WHERE 'operator' = ANY (roles) AND status = 'active') AS operator,
    (SELECT min(id) FROM users WHERE 'arbiter' = ANY (roles) AND status = 'active') AS arbiter

-- landmarks.to_release --
-- Milestones whose work waits for who pays for them, the newest first. --
SELECT id FROM milestones WHERE employer_id = $1 AND status = 'submitted' ORDER BY id DESC LIMIT $2

-- landmarks.project --
-- The open project with the most bids, and four of them. --
SELECT p.id, p.employer_id, p.skills, ARRAY(
    SELECT b.id FROM bids b WHERE b.project_id = p.id AND b.status = 'live' ORDER BY b.id LIMIT 4
) AS bids
FROM projects p WHERE p.status = 'open' ORDER BY p.bids DESC, p.id LIMIT 1

-- landmarks.contract --
-- The active contract with the most milestones, and a milestone of it that holds something. --
SELECT c.id, c.employer_id, c.freelancer_id, (
    SELECT m.id FROM milestones m
    WHERE m.contract_id = c.id AND m.status IN ('funded', 'submitted') ORDER BY m.id LIMIT 1
) AS milestone
FROM contracts c WHERE c.status = 'active' ORDER BY c.milestones DESC, c.id LIMIT 1
