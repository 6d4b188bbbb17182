"""The demo at scale: a million milestones in a sandbox, made by the rules themselves."""
