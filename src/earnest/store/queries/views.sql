-- views.of_person --
-- All filters that somebody saved, list by list. --
SELECT id, list, name, query FROM views WHERE user_id = $1 ORDER BY list, name, id

-- views.of_list --
-- Those of one list. --
SELECT id, list, name, query FROM views WHERE user_id = $1 AND list = $2 ORDER BY name, id
