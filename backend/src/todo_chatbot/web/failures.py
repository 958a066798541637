"""Turns every failure of the FastAPI application into a problem."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from todo_chatbot.errors import TodoError
from todo_chatbot.web.problems import problem

log = logging.getLogger(__name__)


def add_problems(app: FastAPI) -> None:
    """Make every failure of ``app`` a problem, the framework's own included."""
    app.add_exception_handler(TodoError, _todo_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _bug)


async def _todo_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TodoError)
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer error="invalid_token"'
    if error.retry_after_seconds is not None:
        headers["retry-after"] = str(error.retry_after_seconds)
    return problem(error.status, error.title, str(error), headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [f"{_place(fault)}: {fault['msg']}" for fault in error.errors()]
    return _malformed("; ".join(faults[:5]) + ".")


def _malformed(detail: str) -> JSONResponse:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", detail)


def _place(fault: dict[str, Any]) -> str:
    """Return the field's name; the body is the usual place and goes without saying."""
    where, *names = (str(part) for part in fault["loc"])
    if where == "body":
        # Next comes the place where JSON ends to be JSON, or the kind of body it was taken for.
        names = names[1:]
    return ".".join(names) or where


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # What FastAPI makes of a body that is not even text, or nested too deeply for a parser.
        return _malformed("body: must be JSON.")
    title = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    return problem(error.status_code, title, str(error.detail), headers)


async def _bug(_: Request, error: Exception) -> JSONResponse:
    log.error("unexpected failure", exc_info=error)
    detail = "Something went wrong on our side. Try again; if it stays, tell whoever runs this."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error", detail)
