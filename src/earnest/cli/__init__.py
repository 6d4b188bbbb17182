"""The command line: every action and every report as a command."""
