"""The operators' console: what waits, who is who, what runs, and whom operators looked at."""
