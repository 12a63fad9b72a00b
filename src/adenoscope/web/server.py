"""The application and its server, which listens on this machine alone."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from adenoscope.web.folder import check_folder
from adenoscope.web.jobs.runner import working
from adenoscope.web.problems import add_handlers
from adenoscope.web.recordings.shelf import warm
from adenoscope.web.science.warm import warm_science
from adenoscope.web.security.guard import TOKEN, Guard
from adenoscope.web.security.headers import SafeHeaders
from adenoscope.web.security.limits import Limits
from adenoscope.web.security.slow import ImpatientProtocol
from adenoscope.web.site import Site, open_site
from adenoscope.web.views import edits, group, hypoxia, jobs, mechanism, recording, recording_files, studies

HOST, PORT = "127.0.0.1", 8765
STATIC = Path(__file__).parent / "static"


def create_app(site: Site) -> FastAPI:
    """Return the application for a site; what listens, and where, is not its business."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with working(site) as app.state.jobs:
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.site = site
    add_handlers(app)
    for view in (edits, group, hypoxia, jobs, mechanism, recording, recording_files, studies):
        app.include_router(view.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Limits)
    app.add_middleware(Guard, token=site.token, port=site.port)
    app.add_middleware(SafeHeaders)
    return app


def serve(folder: Path, port: int = PORT, *, ready: Callable[[str], None] = print) -> None:
    """Serve a folder of studies until Ctrl-C; ``ready`` is told the address to open, which holds the token.

    Raises:
        InputError: the folder is no folder of studies.
        OSError: the port is taken.
    """
    place = check_folder(folder)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(512)  # before the address is said: a browser may be quicker than we are
        port = int(listening.getsockname()[1])  # 0 asks for any
        token = secrets.token_urlsafe(24)
        with open_site(place, token, port) as site:
            site.reading.submit(warm)
            site.science.submit(warm_science)
            server = uvicorn.Server(server_config(create_app(site)))
            # uvicorn ends by the signal that it was sent, and the processes of the site are to be ended before.
            signal.signal(signal.SIGTERM, _end)
            ready(f"http://{HOST}:{port}/?{TOKEN}={token}")
            server.run([listening])


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def server_config(app: FastAPI) -> uvicorn.Config:
    """Return how the server runs: one process, quiet, with an end to connections that only wait."""
    return uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
        limit_concurrency=400,
    )
