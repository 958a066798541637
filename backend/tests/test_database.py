"""The database: each user's rows only, and faults that nobody notices."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, LiteralString

import psycopg
import pytest
from agents.testing import ModelStep, assistant_message, function_call
from conftest import StartSystem
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from support import Adding, System, call_tool, rows
from wire import Wire

from todo_chatbot.db.database import Database
from todo_chatbot.db.migrate import upgrade

TABLES = ("numbering", "task", "receipt", "conversation", "message", "turn", "tool_call")


@pytest.fixture(scope="module")
def bypassing_url(server_url: str, database_url: str, new_database: Callable[[], str]) -> str:
    """A database whose owner, like Neon's default role, row-level security does not bind."""
    url = new_database()
    name = f"owner_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        for statement in (
            "create role {} login password 'owner' createrole bypassrls",
            "grant all on schema public to {}",
            # Made by the first migration on this server, for which this owner stands.
            "grant todo_app to {} with admin option",
        ):
            server.execute(sql.SQL(statement).format(sql.Identifier(name)))
    owner_url = psycopg.conninfo.make_conninfo(url, user=name, password="owner")
    parts = psycopg.conninfo.conninfo_to_dict(owner_url)
    owner = f"postgresql://{name}:owner@{parts['host']}:{parts['port']}/{parts['dbname']}"
    upgrade(owner, None)
    return owner


@pytest.fixture
async def database(bypassing_url: str) -> AsyncIterator[Database]:
    opened = Database(bypassing_url)
    yield opened
    await opened.close()


async def run(database: Database, user: str, statement: str, **values: Any) -> list[Any]:
    """Run one statement that names no user, as a forgetful programmer would."""

    async def work(tenant: Any) -> list[Any]:
        result = await tenant.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []

    return await database.run(user, work)


ADD = """
insert into task (user_id, id, title, completed, created_at, updated_at)
values (:user_id, next_number('task'), :title, false, now(), now())
"""


@pytest.mark.requirement("001/FR-031")
async def test_a_query_without_a_condition_sees_one_users_rows(
    database: Database, bypassing_url: str, ada: str, grace: str
) -> None:
    for user in (ada, grace):
        await run(database, user, ADD, user_id=user, title=f"of {user}")

    assert len(rows(bypassing_url, "select from task where user_id in (%s, %s)", ada, grace)) == 2
    assert await run(database, ada, "select title from task") == [(f"of {ada}",)]
    assert await run(database, grace, "update task set title = 'x' returning user_id") == [(grace,)]
    assert await run(database, ada, "delete from task returning user_id") == [(ada,)]
    assert await run(database, grace, "select title from task") == [("x",)]


@pytest.mark.requirement("001/FR-031")
async def test_every_table_is_bound(database: Database, bypassing_url: str) -> None:
    query = (
        "select relname, relrowsecurity and relforcerowsecurity from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace"
        " and relname <> 'alembic_version' order by 1"
    )

    assert rows(bypassing_url, query) == [(table, True) for table in sorted(TABLES)]


@pytest.mark.requirement("001/FR-031")
@pytest.mark.parametrize("nobody", ["", "nobody"])
async def test_who_is_nobody_sees_nothing(database: Database, ada: str, nobody: str) -> None:
    await run(database, ada, ADD, user_id=ada, title="Milk")

    for table in TABLES:
        assert await run(database, nobody, f"select * from {table}") == []


@pytest.mark.requirement("001/FR-031")
@pytest.mark.parametrize(
    "statement",
    [
        ADD,
        "update task set user_id = :user_id",
        "drop table task",
        "alter table task disable row level security",
        "create table mine (id int)",
        "select * from alembic_version",
    ],
)
async def test_what_is_not_a_users_own_is_refused(
    database: Database, ada: str, grace: str, statement: str
) -> None:
    await run(database, ada, ADD, user_id=ada, title="Milk")
    values = {"user_id": grace, "title": "forged"} if ":user_id" in statement else {}
    values = values if ":title" in statement else {k: v for k, v in values.items() if k != "title"}

    with pytest.raises(ProgrammingError):
        await run(database, ada, statement, **values)

    assert await run(database, ada, "select title from task") == [("Milk",)]
    assert await run(database, grace, "select title from task") == []


@pytest.mark.requirement("001/FR-031")
async def test_a_pooled_connection_remembers_nobody(bypassing_url: str, ada: str) -> None:
    database = Database(bypassing_url, pool_size=1)
    await run(database, ada, "select 1")

    async with database._engine.connect() as connection:
        found = await connection.execute(
            text("select current_user, current_setting('app.user_id', true)")
        )
        role, user = found.one()
    await database.close()

    assert role != "todo_app"
    assert not user


@pytest.mark.requirement("001/FR-031")
async def test_many_users_on_few_connections_do_not_meet(database: Database) -> None:
    async def use(user: str) -> None:
        for count in range(1, 6):
            await run(database, user, ADD, user_id=user, title="Milk")
            found = await run(database, user, "select count(*), min(user_id) from task")
            assert found == [(count, user)]

    await asyncio.gather(*(use(f"user-{uuid.uuid4()}") for _ in range(20)))


@pytest.mark.requirement("001/FR-031")
@pytest.mark.parametrize(
    "title",
    ["'; drop table task; --", "%s %(title)s %", "\\'; select 1; --", "$1 :title {} $$"],
)
async def test_text_is_text(system: System, ada: str, title: str) -> None:
    system.model.enqueue([function_call("add_task", {"title": title}, call_id="1")])
    system.model.enqueue([assistant_message(title)])

    answer = await system.say(ada, title, key="k%s'")

    assert answer.json()["response"] == title
    assert [task["title"] for task in await system.tasks(ada)] == [title]


@pytest.mark.requirement("001/FR-030")
async def test_the_stored_fields_are_those_of_the_contract(
    system: System, database_url: str, ada: str
) -> None:
    system.model.enqueue([assistant_message("Hello.")])
    await system.say(ada, "hi")
    await system.call(ada, "add_task", title="Milk", description="Two bottles")

    task = "select user_id, id, title, description, completed, created_at = updated_at from task"
    talk = "select user_id, id, created_at <= updated_at from conversation"
    said = "select user_id, id, conversation_id, role, content, created_at <= now() from message"

    def mine(query: LiteralString) -> list[tuple[Any, ...]]:
        return rows(database_url, query + " where user_id = %s order by id", ada)

    assert mine(task) == [(ada, 1, "Milk", "Two bottles", False, True)]
    assert mine(talk) == [(ada, 1, True)]
    assert mine(said) == [
        (ada, 1, 1, "user", "hi", True),
        (ada, 2, 1, "assistant", "Hello.", True),
    ]


@pytest.mark.requirement("001/FR-030")
async def test_numbers_count_per_user_and_are_never_used_again(
    system: System, ada: str, grace: str
) -> None:
    for user in (ada, grace):
        for number in (1, 2, 3):
            added = await system.call(user, "add_task", title="Milk")
            assert added.structured_content is not None
            assert added.structured_content["task_id"] == number
    for number in (3, 1, 2):
        await system.call(ada, "delete_task", task_id=number)

    added = await system.call(ada, "add_task", title="Milk")

    assert added.structured_content is not None
    assert added.structured_content["task_id"] == 4


@pytest.mark.requirement("001/FR-030")
async def test_numbers_are_unique_under_concurrency(system: System, ada: str) -> None:
    async def add_and_delete(place: int) -> int:
        added = await system.call(ada, "add_task", title="Milk")
        assert added.structured_content is not None
        number: int = added.structured_content["task_id"]
        if place % 2:
            await system.call(ada, "delete_task", task_id=number)
        return number

    numbers = await asyncio.gather(*(add_and_delete(place) for place in range(20)))

    assert sorted(numbers) == list(range(1, 21))


@pytest.fixture
def quiet_url(new_database: Callable[[], str]) -> str:
    """A database that nobody else is connected to."""
    url = new_database()
    upgrade(url, None)
    return url


@pytest.mark.requirement("001/FR-032")
async def test_killed_connections_cost_no_request(
    start_system: StartSystem, quiet_url: str
) -> None:
    url = quiet_url
    users = [f"user-{uuid.uuid4()}" for _ in range(8)]
    titles = [f"Task {uuid.uuid4()}" for _ in range(6)]
    kill = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and application_name = 'todo-chatbot'"
        " and query <> '' order by random() limit 1"
    )

    async with start_system(Adding(), url=url) as system:

        async def talk(user: str) -> None:
            for title in titles:
                assert (await system.say(user, title)).status_code == 200

        async with asyncio.TaskGroup() as group:
            talks = [group.create_task(talk(user)) for user in users]
            killed = 0
            with psycopg.connect(url, autocommit=True) as server:
                while killed < 25 and not all(one.done() for one in talks):
                    killed += len(server.execute(kill).fetchall())
                    await asyncio.sleep(0.02)

    assert killed == 25
    for user in users:
        found = rows(url, "select title from task where user_id = %s order by id", user)
        assert found == [(title,) for title in titles]
        said = rows(url, "select count(*) from message where user_id = %s", user)
        assert said == [(2 * len(titles),)]


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    """The database behind connections that a test can cut."""
    async with Wire(database_url).running() as cuttable:
        yield cuttable


@pytest.mark.requirement("001/FR-006")
async def test_while_the_database_is_away_the_answer_says_when_to_come_back(
    start_system: StartSystem, model: Any, wire: Wire, ada: str
) -> None:
    async with start_system(model, url=wire.url) as system:
        model.enqueue([assistant_message("Hello.")])
        await system.say(ada, "hi")
        wire.cut()

        away = await system.say(ada, "Anybody there?")

        wire.mend()
        model.enqueue([assistant_message("Welcome back.")])
        back = await system.say(ada, "Anybody there?")

    assert away.status_code == 503
    assert int(away.headers["retry-after"]) > 0
    assert away.headers["content-type"] == "application/problem+json"
    assert back.json()["response"] == "Welcome back."


@pytest.mark.requirement("001/FR-006", "001/FR-012")
async def test_a_turn_that_loses_the_database_goes_on_when_it_is_back(
    start_system: StartSystem, model: Any, wire: Wire, ada: str
) -> None:
    def cut(_: Any) -> list[Any]:
        wire.cut()
        return [function_call("add_task", {"title": "Milk"}, call_id="1")]

    async with start_system(model, url=wire.url, turn_lease_seconds=1) as system:
        model.enqueue(ModelStep.respond(cut))
        away = await system.say(ada, "I need milk", key="k1")
        wire.mend()
        model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
        model.enqueue([assistant_message("Added.")])

        answer = await system.say(ada, "I need milk", key="k1")

        assert away.status_code == 503
        assert answer.json()["response"] == "Added."
        assert [task["title"] for task in await system.tasks(ada)] == ["Milk"]


@pytest.mark.requirement("001/FR-006", "001/FR-032")
@pytest.mark.parametrize("write", ["insert into turn", "insert into tool_call", "set state"])
async def test_a_commit_whose_acknowledgement_is_lost_is_not_repeated(
    start_system: StartSystem, model: Any, wire: Wire, database_url: str, ada: str, write: str
) -> None:
    async with start_system(model, url=wire.url, turn_wait_seconds=0) as system:
        model.enqueue([function_call("add_task", {"title": "Milk"}, call_id="1")])
        model.enqueue([assistant_message("Added.")])
        wire.lose_answer_of(write)

        answer = await system.say(ada, "I need milk")

        assert answer.status_code == 200, answer.text
        assert answer.json()["response"] == "Added."
        assert len(answer.json()["tool_calls"]) == 1
        assert [task["title"] for task in await system.tasks(ada)] == ["Milk"]
    query = "select role, content from message where user_id = %s order by id"
    assert rows(database_url, query, ada) == [("user", "I need milk"), ("assistant", "Added.")]


@pytest.mark.requirement("001/FR-032")
async def test_a_tool_whose_commit_was_not_acknowledged_tells_what_it_did(
    start_system: StartSystem, model: Any, wire: Wire, ada: str
) -> None:
    async with start_system(model, url=wire.url) as system:
        wire.lose_answer_of("INSERT INTO task")
        added = await call_tool(system.tools, ada, "add_task", {"title": "Milk"})
        wire.lose_answer_of("DELETE FROM task")
        deleted = await call_tool(system.tools, ada, "delete_task", {"task_id": 1})

        assert added.structured_content == {"task_id": 1, "status": "created", "title": "Milk"}
        assert deleted.structured_content == {"task_id": 1, "status": "deleted", "title": "Milk"}
        assert await system.tasks(ada) == []
