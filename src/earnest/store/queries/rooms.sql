-- rooms.of_arbiter --
-- This person is named to rule on it. --
t.arbiter_id = $1

-- rooms.by_wakes_at --
-- What wakes first comes first; what never does, last. --
coalesce(t.wakes_at, '3000-01-01T00:00:00Z')
