"""Projects: what is to be done, what is reserved for it, and what is asked about it."""

from earnest.core.projects import asking, posting, reserving

__all__ = ["asking", "posting", "reserving"]
