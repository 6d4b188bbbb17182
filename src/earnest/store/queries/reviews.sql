-- reviews.visible --
-- One's own; others' once both are in, or long enough after the end. --
(t.reviewer_id = $1 OR EXISTS (
    SELECT FROM reviewed d
    WHERE d.contract_id = t.contract_id
        AND d.shown_at <= (SELECT clock_timestamp() + clock_offset FROM site)
))

-- reviews.by_person --
-- Which this person gave. --
t.reviewer_id = $1

-- reviews.about_person --
-- Which this person was given. --
t.reviewed_id = $1
