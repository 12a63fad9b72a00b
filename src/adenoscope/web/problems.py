"""What a browser reads when something is wrong: the same problems, words and remedies as on the command line."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from adenoscope.core.errors import InputError, Refused
from adenoscope.web.pages import page
from adenoscope.web.security.headers import FIXED

API = "/api/"


def add_handlers(app: FastAPI) -> None:
    """Answer our own errors in JSON under ``/api/`` and as a page elsewhere: 422 wrong input, 409 refused."""
    app.add_exception_handler(InputError, _wrong)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _absent)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _mistaken)


def _wrong(request: Request, error: Exception) -> Response:
    problems = error.problems if isinstance(error, InputError) else ()
    if request.url.path.startswith(API):
        return JSONResponse({"problems": [asdict(problem) | {"words": str(problem)} for problem in problems]}, 422)
    return page(request, "problem.html", status=422, code=422, problems=problems, words="")


def _refused(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(API):
        return JSONResponse({"refused": str(error)}, 409)
    return page(request, "problem.html", status=409, code=409, problems=(), words=str(error))


def _absent(request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 500
    words = str(error.detail) if isinstance(error, HTTPException) else ""
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if request.url.path.startswith(API):
        return JSONResponse({"refused": words}, code, headers)
    answer = page(request, "problem.html", status=code, code=code, problems=(), words=words)
    answer.headers.update(headers)
    return answer


def _unreadable(_: Request, error: Exception) -> Response:
    """Answer a body that is no JSON, or not of the form that the page sends."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    places = [{"where": ".".join(str(part) for part in one["loc"]), "words": one["msg"]} for one in found]
    return JSONResponse({"problems": places}, 422)


def _mistaken(_: Request, _error: Exception) -> Response:
    """Answer what is our own mistake, whose trace is in the terminal and not on the page."""
    return PlainTextResponse("adenoscope made a mistake here; the terminal that it runs in says more.", 500, FIXED)
