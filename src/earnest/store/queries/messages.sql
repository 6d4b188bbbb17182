-- messages.saying --
-- With these words in it; the pattern has its wildcards escaped. --
t.text ILIKE $1

-- messages.of_milestone --
-- Said about this milestone. --
t.milestone_id = $1
