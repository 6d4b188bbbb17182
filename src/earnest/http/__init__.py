"""Everything that serves HTTP."""
