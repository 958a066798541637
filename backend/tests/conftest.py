"""One throw-away PostgreSQL, the system on it, and users that nobody else in the suite is."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx2
import pytest
from agents import Model, ModelSettings
from agents.testing import ScriptedModel
from databases import create_database, drop_database, postgres_server
from processes import Stack, stack_on
from servers import add_what_was_said, nothing
from support import SECRET, TOOLS_HOST, System

from todo_chatbot.agent.models import Brain
from todo_chatbot.app.api import create_api
from todo_chatbot.app.tools import create_tools
from todo_chatbot.db.migrate import upgrade
from todo_chatbot.settings import ApiSettings, ToolsSettings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write into the report which requirements a test proves; ``make spec`` reads it there."""
    for item in items:
        for marker in item.iter_markers("requirement"):
            item.user_properties += [("requirement", one) for one in marker.args]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL whose owner this is; ``TEST_DATABASE_URL`` names one, else it is started."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def new_database(server_url: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database and returns its URL."""
    made: list[str] = []

    def make() -> str:
        made.append(create_database(server_url))
        return made[-1]

    yield make
    for url in made:
        drop_database(server_url, url)


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], str]) -> str:
    """A database with the schema."""
    url = new_database()
    upgrade(url, None)
    return url


@pytest.fixture
def ada() -> str:
    """A user nobody else in the suite is: isolation without clean-up."""
    return f"ada-{uuid.uuid4()}"


@pytest.fixture
def grace() -> str:
    """Another user."""
    return f"grace-{uuid.uuid4()}"


Transport = httpx2.AsyncBaseTransport
StartSystem = Callable[..., AbstractAsyncContextManager[System]]


@pytest.fixture
def start_system(database_url: str) -> StartSystem:
    """Starts the system with any model, or brain, any network before the tools, any settings."""

    @asynccontextmanager
    async def start(
        model: Model | Brain,
        *,
        url: str = database_url,
        network: Callable[[Transport], Transport] = lambda transport: transport,
        **settings: Any,
    ) -> AsyncIterator[System]:
        common = {"database_url": url, "better_auth_secret": SECRET}
        tools = create_tools(ToolsSettings(**common, tools_allowed_hosts=[TOOLS_HOST]))
        transport = httpx2.ASGITransport(tools)
        api = create_api(
            ApiSettings(**common, tools_url=f"http://{TOOLS_HOST}/mcp", **settings),
            brain=model
            if isinstance(model, Brain)
            else Brain(model, ModelSettings(), "offline", "scripted"),
            tools_transport=network(transport),
        )
        async with (
            tools.router.lifespan_context(tools),
            api.router.lifespan_context(api),
            httpx2.AsyncClient(
                transport=httpx2.ASGITransport(api), base_url="http://api.test", timeout=60
            ) as http,
            httpx2.AsyncClient(transport=transport, base_url=f"http://{TOOLS_HOST}") as tools_http,
        ):
            yield System(http, tools_http, api.state.database, model)

    return start


@pytest.fixture(scope="session")
async def processes(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    """The real processes; a turn that nobody works on is free for the next after 2 seconds."""
    folder = tmp_path_factory.mktemp("processes")
    async with stack_on(database_url, folder, TURN_LEASE_SECONDS=2) as running:
        yield running


@pytest.fixture
async def stack(processes: Stack) -> Stack:
    """The real processes, alive, with a model that adds what it is told and a good network."""
    processes.model.think = add_what_was_said
    processes.proxy.before_call = processes.proxy.after_call = nothing
    await processes.revive()
    return processes


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """A model that says what the test enqueued, and all of it."""
    scripted = ScriptedModel()
    yield scripted
    scripted.assert_complete()


@pytest.fixture
async def system(start_system: StartSystem, model: ScriptedModel) -> AsyncIterator[System]:
    """The system with the scripted model."""
    async with start_system(model) as running:
        yield running
