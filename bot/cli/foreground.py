"""Ctrl-C under make: it stops Weilu cleanly, and make is none the wiser and ends well too."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def foreground() -> Iterator[None]:
    """Alone in the terminal's foreground while this block runs, if make started us there.

    A terminal sends Ctrl-C to the whole foreground group: without this make would die of it and
    report a failure, though Weilu stopped as it should.
    """
    if "MAKELEVEL" not in os.environ or not sys.stdin.isatty():
        yield
        return
    terminal, ours = sys.stdin.fileno(), os.getpgrp()
    # Who gives the terminal away or takes it back from behind would be stopped by this signal.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, ours)
