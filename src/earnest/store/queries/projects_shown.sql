-- projects_shown.seen_by_all --
-- Everybody who is signed in may see every project. --
$1::bigint IS NOT NULL

-- projects_shown.open_for_bids --
-- Open, for whoever looks. --
t.status = 'open' AND $1::bigint IS NOT NULL

-- projects_shown.bid_for_by --
-- For which this person has a bid that is not over. --
EXISTS (
    SELECT FROM bids b WHERE b.project_id = t.id AND b.bidder_id = $1
        AND b.status IN ('live', 'awarded', 'accepted')
)

-- projects_shown.having_reserved --
-- With something reserved, if that is wanted. --
(t.reserved_since IS NOT NULL) = $1::boolean

-- projects_shown.questions --
-- Asked about this project. --
t.project_id = $1 AND t.about = 'question'

-- projects_shown.answers --
-- The answers to these questions about this project. --
t.project_id = $1 AND t.question_id = ANY($2::bigint[])

-- projects_shown.contracts_of --
-- The contracts of this project that this person is a side of. --
t.project_id = $1 AND (t.employer_id = $2 OR t.freelancer_id = $2)

-- projects_shown.titles --
-- What these projects are called. --
SELECT id, title FROM projects WHERE id = ANY($1::bigint[])

-- projects_shown.happened_to --
-- What happened to this project, but for its bids, which not everybody may see, and for what is --
-- asked and answered, which stands beside it. --
t.subject_id = $1 AND t.subject_kind = 'project' AND t.name LIKE 'project.%'
    AND t.name NOT IN ('project.asked', 'project.answered')

-- projects_shown.own_called --
-- The newest projects of a person in which something can still be done, with words in their title. --
SELECT t.id, t.title, t.status FROM projects t
WHERE t.employer_id = $1 AND t.status IN ('open', 'in_progress')
    AND to_tsvector('simple', searched(t.title)) @@ $2::text::tsquery
ORDER BY t.id DESC LIMIT $3
