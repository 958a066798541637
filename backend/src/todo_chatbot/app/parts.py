"""What both processes are made of."""

from todo_chatbot.db.database import Database
from todo_chatbot.db.migrate import HEAD, serves
from todo_chatbot.errors import DatabaseAway
from todo_chatbot.identity import TokenVerifier
from todo_chatbot.settings import DatabaseSettings, TokenSettings
from todo_chatbot.web import metrics
from todo_chatbot.web.health import Check


def database_of(settings: DatabaseSettings) -> Database:
    """Return the database of this process, watched by its metrics."""
    database = Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool_size,
        observe=metrics.database_used,
    )
    metrics.watch_pool(database.in_use)
    return database


def verifier_of(settings: TokenSettings, audience: str) -> TokenVerifier:
    """Return what accepts the tokens of this system for one audience."""
    secret = settings.better_auth_secret.get_secret_value()
    return TokenVerifier(secret, issuer=settings.jwt_issuer, audience=audience)


def schema_is_current(database: Database) -> Check:
    """Check that the database answers and has the schema this program is written for."""

    async def check() -> str | None:
        try:
            revision = await database.revision()
        except DatabaseAway as error:
            return str(error)
        if serves(revision):
            return None
        return f"The schema is at {revision}, this program needs {HEAD}: run todo-chatbot migrate."

    return check
