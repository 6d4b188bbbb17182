"""The pages: HTML for people, complete without JavaScript."""
