"""The embedded PostgreSQL: made whole, started whatever was left behind, private to its user."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest

from todo_chatbot.local import postgres_binaries
from todo_chatbot.local.errors import CannotStart
from todo_chatbot.local.postgres import EmbeddedPostgres


@pytest.fixture
def made(open_folder):
    """The folder of a database that holds a row and is not running."""
    with EmbeddedPostgres(open_folder) as server, psycopg.connect(server.url()) as database:
        database.execute("create table kept as select 42 as answer")
    return open_folder


def answer(url: str) -> object:
    with psycopg.connect(url) as database:
        return database.execute("select answer from kept").fetchone()


@pytest.mark.requirement("001/FR-214")
def test_a_database_whose_making_was_killed_is_made_again(open_folder, eventually):
    make = (
        "import pathlib, sys; from todo_chatbot.local.postgres import EmbeddedPostgres;"
        " EmbeddedPostgres(pathlib.Path(sys.argv[1])).prepare()"
    )
    maker = subprocess.Popen([sys.executable, "-c", make, open_folder])
    eventually(lambda: list(open_folder.glob("new-*/cluster/*")) or maker.poll() is not None)
    maker.kill()
    maker.wait()
    assert not (open_folder / "cluster").exists()

    with EmbeddedPostgres(open_folder) as server, psycopg.connect(server.url()) as database:
        version = database.execute("show server_version").fetchone()[0]

    assert version.startswith("18.")
    assert not list(open_folder.glob("new-*"))


@pytest.mark.requirement("001/FR-214")
def test_a_database_of_another_version_is_refused(made):
    version = made / "cluster" / "PG_VERSION"
    version.write_text("15\n")

    with pytest.raises(CannotStart, match="made by PostgreSQL 15, this program has 18"):
        EmbeddedPostgres(made).prepare()


@pytest.mark.requirement("001/FR-213")
def test_a_lock_file_that_names_some_other_process_is_no_obstacle(made):
    (made / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n{made}\n")

    with EmbeddedPostgres(made) as server:
        assert answer(server.url()) == (42,)


@pytest.mark.requirement("001/FR-213")
def test_a_server_that_lost_its_supervisor_is_ended_first(made):
    with EmbeddedPostgres(made), EmbeddedPostgres(made) as second:
        assert answer(second.url()) == (42,)


@pytest.mark.requirement("001/FR-213")
def test_a_killed_server_has_lost_nothing_that_it_acknowledged(made, eventually):
    with EmbeddedPostgres(made) as first:
        with psycopg.connect(first.url(), autocommit=True) as database:
            database.execute("update kept set answer = 43")
        pid = int((made / "cluster" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    with EmbeddedPostgres(made) as second:
        assert answer(second.url()) == (43,)


@pytest.mark.requirement("001/FR-205")
def test_only_who_knows_the_password_gets_in(made):
    with EmbeddedPostgres(made) as server:
        password = (made / "password").read_text()

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url().replace(password, "guessed"))


@pytest.mark.requirement("001/FR-214")
def test_folders_closed_to_the_servers_user_are_replaced_by_open_ones(open_folder, monkeypatch):
    monkeypatch.setattr(postgres_binaries, "SHARED", open_folder / "shared")
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)

    home = postgres_binaries.private_home(closed / "data")
    monkeypatch.setattr(postgres_binaries, "_is_open", lambda _: False)
    binaries = postgres_binaries.find_binaries(reachable_by_all=True)

    assert home.parent == open_folder / "shared"
    assert binaries.is_relative_to(open_folder / "shared")
    said = subprocess.check_output([binaries / "postgres", "--version"], text=True)
    assert said.startswith("postgres (PostgreSQL) 18.")
