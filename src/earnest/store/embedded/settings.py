"""What the private PostgreSQL is told: money must survive, the machine may be small."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
# Written anew by Earnest at every start. For settings of your own use ALTER SYSTEM.

# Reached only through a socket in a directory that nobody else may enter.
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
password_encryption = 'scram-sha-256'

# What was answered is on the disk.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
max_wal_size = 1GB

# Two cores and a disk without moving parts.
shared_buffers = 256MB
random_page_cost = 1.1
jit = off

# A session that holds locks and says nothing is ended.
idle_in_transaction_session_timeout = 60s

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, YMD'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'

# A week of logs, one file a weekday. No statement, no parameter, no row, no detail of an error:
# they carry amounts, addresses and secrets.
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
log_statement = 'none'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_lock_waits = on
"""

#: Text is sorted by code point in every version, so no index breaks with an upgrade of the C
#: library. PostgreSQL 17 brought its own C.UTF-8; 16 must use the system's.
BUILTIN_LOCALE_SINCE = 17


def settings(sockets: Path) -> str:
    return SETTINGS.format(sockets=sockets)


def locale(major: int) -> list[str]:
    if major >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale-provider=libc", "--locale=C.UTF-8"]
