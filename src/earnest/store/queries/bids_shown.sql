-- bids_shown.for_project --
-- For this project, and not over. --
t.project_id = $1 AND t.status IN ('live', 'awarded', 'accepted')

-- bids_shown.on_shortlist --
-- On the employer's shortlist, if that is wanted. --
t.shortlisted = $1::boolean

-- bids_shown.by_amount --
-- What sorting by amount goes by. --
t.amount

-- bids_shown.by_period_days --
-- What sorting by days goes by. --
t.period_days

-- bids_shown.newest_of_person --
-- The newest bid of a person for a project that is not over. --
SELECT {columns} FROM bids t
WHERE t.project_id = $1 AND t.bidder_id = $2 AND t.status IN ('live', 'awarded', 'accepted')
ORDER BY t.id DESC LIMIT 1
