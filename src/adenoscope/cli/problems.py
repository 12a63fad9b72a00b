"""What a user reads when the input is wrong: a numbered list on standard error, and never a traceback."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import typer

from adenoscope.core.errors import InputError, Problem, Refused

WRONG_INPUT, SEE_RESULTS, STOPPED = 1, 3, 130


@contextmanager
def mended_by_user() -> Generator[None]:
    """Turn what a user can mend into a message and an exit code; anything else is our mistake and shows."""
    try:
        yield
    except InputError as error:
        refuse(error.problems)
    except Refused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(SEE_RESULTS) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. What is finished is kept; the same command goes on from there.", err=True)
        raise typer.Exit(STOPPED) from None


def refuse(problems: Sequence[Problem]) -> NoReturn:
    """Print every problem and leave with exit code 1."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    typer.echo(f"{count}; nothing was written.", err=True)
    for number, problem in enumerate(problems, start=1):
        indented = str(problem).replace("\n", "\n   ")
        typer.echo(f"\n{number}. {indented}", err=True)
    raise typer.Exit(WRONG_INPUT)
