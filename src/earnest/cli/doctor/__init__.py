"""`earnest doctor`: everything that is often wrong is looked at; each check is one function.

A check says in its own words what it found, what that means and what to do. `examining` holds
them in their order; nothing here changes anything but that a private PostgreSQL is started, as by
every command, and stopped again if nobody else uses it.
"""
