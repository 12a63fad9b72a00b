"""What a worker of a local cluster does first: it leaves Ctrl-C to the process that started it, which ends it."""

from __future__ import annotations

import signal


def dask_setup(_: object) -> None:
    """Dask calls this in the worker's process, in its main thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
