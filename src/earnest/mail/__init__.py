"""Mail: letters made of notices, and who carries them: a mail server, or a sandbox's outbox."""
