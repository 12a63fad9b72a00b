"""The commands and their exit codes: 0 done, 1 the input is wrong, 2 bad usage, 3 something was refused."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def adenoscope() -> None:
    """From photometry recordings to adenosine responses with honest intervals. Research use only."""


def main() -> None:
    """Run the command line."""
    app()
