"""The proof: every state of a small world, searched with the real rules, and what holds in it."""
