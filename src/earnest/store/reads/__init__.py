"""Reading: typed rows for who may see them, in pages that an index can find."""
