-- ledger.people_count_their_files --
-- How many files each person has put here, and of how many bytes. --
WITH own AS (
    SELECT owner_id, count(*) AS files, sum(size) AS bytes FROM files GROUP BY owner_id
), wrong AS (
    SELECT owner_id, coalesce(c.files, 0) AS counted, coalesce(c.bytes, 0) AS counted_bytes,
        coalesce(own.files, 0) AS files, coalesce(own.bytes, 0) AS bytes
    FROM file_counters c FULL JOIN own USING (owner_id)
)
SELECT format('owner %s counts %s files of %s bytes, and has %s of %s', owner_id, counted,
    counted_bytes, files, bytes), count(*) OVER ()
FROM wrong WHERE (counted, counted_bytes) <> (files, bytes) ORDER BY owner_id LIMIT 1

-- ledger.what_is_attached_is_there --
-- At every place that a row counts a file stands, and it is of whoever the row is by. --
WITH parent AS (
    SELECT 'project' AS noun, id, employer_id AS author_id, files FROM projects WHERE files > 0
    UNION ALL
    SELECT 'bid', id, bidder_id, files FROM bids WHERE files > 0
    UNION ALL
    SELECT 'message', id, sender_id, files FROM messages WHERE files > 0
    UNION ALL
    SELECT 'exhibit', id, maker_id, files FROM exhibits WHERE files > 0
), wrong AS (
    SELECT p.noun, p.id, p.files, count(f.id) AS there
    FROM parent p
    LEFT JOIN attachments a ON a.parent_id = p.id AND a.parent_kind = p.noun
        AND a.position <= p.files
    LEFT JOIN files f ON f.id = a.file_id AND f.owner_id = p.author_id
    GROUP BY p.noun, p.id, p.files HAVING count(f.id) <> p.files
)
SELECT format('%s %s has %s files, and %s are there', noun, id, files, there), count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1
