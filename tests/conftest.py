"""Fixtures that every folder of tests shares."""

import signal

pytest_plugins = ["tests.postgres"]

# Whoever started us in the background may have had Ctrl-C ignored, and what is ignored is
# inherited: then the processes of the tests would not hear one either.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
