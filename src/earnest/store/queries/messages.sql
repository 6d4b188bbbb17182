-- messages.saying --
-- With these words in it; the pattern has its wildcards escaped. --
t.text ILIKE $1
