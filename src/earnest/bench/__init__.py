"""`earnest bench`: how fast this machine is at it, beside what PostgreSQL's own yardstick says."""
