-- messages.saying --
-- With these words in it; the pattern has its wildcards escaped. --
t.text ILIKE $1

-- messages.visible --
-- Said in a contract of this person, or about a project, which everybody may read. --
(t.project_id IS NOT NULL OR EXISTS (
    SELECT FROM contracts c
    WHERE c.id = t.contract_id AND (c.employer_id = $1 OR c.freelancer_id = $1)
))

-- messages.of_project --
-- Asked or answered about this project. --
t.project_id = $1

-- messages.of_milestone --
-- Said about this milestone. --
t.milestone_id = $1
