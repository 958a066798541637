"""Who is calling: the verified token, and that the path names the same user."""

import logging
from typing import Annotated

from fastapi import Depends, Request

from todo_chatbot.errors import NotSignedIn, NotYours
from todo_chatbot.identity import Caller, TokenVerifier
from todo_chatbot.web import metrics

log = logging.getLogger(__name__)


# It waits for nothing, but FastAPI would run a plain function in a thread, which costs more.
async def path_caller(user_id: str, request: Request) -> Caller:
    """Return the signed-in user whom the path names.

    The token comes from the ``Authorization`` header alone, so no other site can make a browser
    send it.

    Raises:
        NotSignedIn: no bearer token, more than one, or one that is not accepted.
        NotYours: the token was issued to another user.
    """
    try:
        return _owner(user_id, request)
    except (NotSignedIn, NotYours) as error:
        metrics.refused(error.status)
        log.info("sign-in refused", extra={"status": error.status})
        raise


def _owner(user_id: str, request: Request) -> Caller:
    headers = request.headers.getlist("authorization")
    if len(headers) != 1:
        raise NotSignedIn("Send one Authorization header with a bearer token.")
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("Send a bearer token.")
    verifier: TokenVerifier = request.app.state.verifier
    caller = verifier.verify(token)
    if caller.user_id != user_id:
        raise NotYours("This address belongs to another user. Use your own user id.")
    return caller


PathCaller = Annotated[Caller, Depends(path_caller)]
