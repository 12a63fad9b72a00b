"""The process of one job: it does what a command would, says how far it is, and ends with the server.

It is given a `Task` as JSON, and prints one JSON object a line: {"stage", "done", "total", "words"} for progress,
and at the end {"done": [sessions that were refused]} or {"problems": [what is wrong, in words]}.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from adenoscope.core.errors import InputError, Refused, input_error
from adenoscope.io.results import REPORT
from adenoscope.studies.progress import Progress

NICE = 5  # the page is to answer quickly while a study runs
MOST_PROBLEMS = 100


Say = Callable[[dict[str, Any]], None]


def main(argument: str) -> None:
    """Do the task that ``argument`` describes."""
    _end_with_server()
    if hasattr(os, "nice"):
        os.nice(NICE)
    task, say = json.loads(argument), _voice()

    def show(progress: Progress) -> None:
        say({"stage": progress.stage, "done": progress.done, "total": progress.total, "words": progress.session})

    try:
        refused = _run(task, show) if task["kind"] == "run" else _make_demo(task, show)
    except InputError as error:
        say({"problems": [str(problem) for problem in error.problems[:MOST_PROBLEMS]]})
    except Refused as refusal:
        say({"problems": [str(refusal)]})
    else:
        say({"done": refused})


def _run(task: Mapping[str, Any], show: Callable[[Progress], None]) -> list[str]:
    """Run a study with its edits, write its report, and return the sessions that were refused."""
    from adenoscope.studies.edited import read_edited_study
    from adenoscope.studies.estimate_session import is_compiled
    from adenoscope.studies.run_study import run_study

    out, ledger = Path(task["out"]), Path(task["ledger"])
    study = read_edited_study(Path(task["folder"]), ledger if ledger.exists() else None)
    if study.sessions and not is_compiled():
        show(Progress("compiling", 0, 0, ""))
    result = run_study(study, out, progress=show)
    show(Progress("reporting", 0, 0, ""))
    from adenoscope.report.study_report import write_report

    write_report(result, out / REPORT)
    return [
        item.session.session
        for item in result.sessions
        if item.response.status == "refused" and not item.session.exclude
    ]


def _make_demo(task: Mapping[str, Any], show: Callable[[Progress], None]) -> list[str]:
    """Write the simulated study out of sight, and put it into the folder when it is whole."""
    from adenoscope.studies.demo_study import write_demo_study

    folder, unseen = Path(task["folder"]), Path(task["unseen"])
    if folder.exists():
        remedy = "rename that one, or run it"
        raise input_error(folder.name, found="it is there already", allowed="a new folder", remedy=remedy)
    shutil.rmtree(unseen, ignore_errors=True)
    write_demo_study(unseen, progress=show)
    unseen.rename(folder)
    return []


def _voice() -> Say:
    """Return what speaks to the server; whatever else is printed goes where mistakes go."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return lambda words: print(json.dumps(words), file=channel, flush=True)


def _end_with_server() -> None:
    """End at once when the server does: its end of our standard input closes, however it was ended."""

    def wait() -> None:
        while os.read(0, 1024):  # not by sys.stdin, whose lock would be held when we end by ourselves
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
