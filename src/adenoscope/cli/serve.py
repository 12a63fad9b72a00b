"""The page as a command: it prints the address to open, and serves until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adenoscope.cli.problems import mended_by_user
from adenoscope.core.errors import input_error


def serve(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder that studies lie in.")] = Path(),
    port: Annotated[int, typer.Option(metavar="P", help="Where to listen; 0: any that is free.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Show a folder of studies in the browser: traces, groups, the mechanism, hypoxia. Nothing leaves this machine.

    Example: adenoscope serve my-studies
    """
    with mended_by_user():
        from adenoscope.cli.places import refuse_unwritable
        from adenoscope.web import serve as serve_folder

        refuse_unwritable(folder / ".adenoscope", folder=True)

        def ready(address: str) -> None:
            typer.echo(f"Open {address}\nCtrl-C ends it; what is queued goes on when it is started again.")
            if open_browser:
                import webbrowser

                webbrowser.open(address)

        try:
            serve_folder(folder, port, ready=ready)
        except OSError as error:
            raise input_error(
                f"port {port}", found=str(error), allowed="a port that is free", remedy="--port 0 takes any"
            ) from None
