"""JSON and the core: what is asked becomes an action, and what an action may be is written down."""
