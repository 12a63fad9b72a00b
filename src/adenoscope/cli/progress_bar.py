"""A progress bar on a terminal, and silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from adenoscope.studies.progress import Progress, ignore


@contextmanager
def progress_bar() -> Generator[Callable[[Progress], None]]:
    """Yield what shows progress on standard error while the block runs."""
    if not sys.stderr.isatty():
        yield ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    # The spinner and the clock move while the first session waits for the compiler.
    columns = (
        *(SpinnerColumn(), TextColumn("{task.description}"), BarColumn()),
        *(MofNCompleteColumn(), TimeElapsedColumn()),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(progress: Progress) -> None:
            words = f"{progress.stage} {progress.session}".strip()
            bar.update(task, description=words, completed=progress.done, total=progress.total)

        yield show


@contextmanager
def counting_bar() -> Generator[Callable[[str, int, int], None]]:
    """Yield what shows how many steps of a stage are done; see ``progress_bar``."""
    with progress_bar() as show:
        yield lambda stage, done, total: show(Progress(stage, done, total, ""))
