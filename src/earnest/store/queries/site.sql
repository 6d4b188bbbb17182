-- site.now --
-- The clock that decides: the database's, with the test clock in front of it. --
SELECT clock_timestamp() + (SELECT clock_offset FROM site)

-- site.halt --
-- What keeps every command waiting, if anything does. --
SELECT what FROM halts WHERE cleared_at IS NULL ORDER BY id LIMIT 1
