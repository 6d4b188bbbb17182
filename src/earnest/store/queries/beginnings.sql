-- beginnings.of_person --
-- The first steps of somebody who said what they came to do, and has not put them away: which are --
-- done, as the books have it. --
SELECT u.aim,
    EXISTS (SELECT FROM deposits d WHERE d.user_id = u.id AND d.status = 'settled') AS deposited,
    EXISTS (SELECT FROM projects p WHERE p.employer_id = u.id)
        OR EXISTS (SELECT FROM contracts c WHERE c.employer_id = u.id) AS offered,
    EXISTS (
        SELECT FROM milestones m WHERE m.employer_id = u.id AND m.funded_at IS NOT NULL
    ) AS funded,
    EXISTS (SELECT FROM milestones m WHERE m.employer_id = u.id AND m.released > 0) AS released,
    EXISTS (SELECT FROM bids b WHERE b.bidder_id = u.id)
        OR EXISTS (SELECT FROM contracts c WHERE c.freelancer_id = u.id) AS bid,
    EXISTS (
        SELECT FROM contracts c WHERE c.freelancer_id = u.id AND c.status IN ('active', 'ended')
    ) AS accepted,
    EXISTS (
        SELECT FROM milestones m WHERE m.freelancer_id = u.id AND m.submitted_at IS NOT NULL
    ) AS submitted,
    EXISTS (SELECT FROM milestones m WHERE m.freelancer_id = u.id AND m.released > 0) AS paid
FROM users u
WHERE u.id = $1 AND u.aim IS NOT NULL AND u.first_steps_hidden_at IS NULL
