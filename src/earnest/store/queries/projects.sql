-- projects.of_employer --
-- Which this person posted. --
t.employer_id = $1

-- projects.saying --
-- With these words in the title, the description or the skills: what somebody typed, as a condition --
-- on documents. --
EXISTS (SELECT FROM documents_of_projects d WHERE d.id = t.id AND d.words @@ $1::text::tsquery)

-- projects.asking_for --
-- Which ask for this skill. --
t.skills @> ARRAY[$1::text]

-- projects.with_a_reserve --
-- For which something is set aside. --
t.reserved_since IS NOT NULL AND $1::text = 'true'

-- projects.these --
-- The projects of these numbers. --
SELECT {columns} FROM projects t WHERE t.id = ANY($1)

-- projects.bidder --
-- How many bids of a person for a project are not over. --
SELECT {columns} FROM bidders WHERE project_id = $1 AND bidder_id = $2
