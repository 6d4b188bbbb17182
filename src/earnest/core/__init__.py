"""The rules, pure: nothing in here reads a clock, a database, a file or the network."""
