"""The application that models talk to."""

from starlette.applications import Starlette

from todo_chatbot.app.parts import database_of, schema_is_current, verifier_of
from todo_chatbot.settings import ToolsSettings
from todo_chatbot.tools.server import create_server
from todo_chatbot.web.health import operations
from todo_chatbot.web.requests import RequestId, TrimmedHeaders


def create_tools(settings: ToolsSettings) -> Starlette:
    """Build it: MCP at ``/mcp``, health and metrics beside it."""
    database = database_of(settings)
    app = create_server(
        database,
        verifier_of(settings, settings.jwt_tools_audience),
        allowed_hosts=settings.tools_allowed_hosts,
        routes=operations([schema_is_current(database)]),
    )
    app.add_middleware(RequestId)
    app.add_middleware(TrimmedHeaders)
    return app
