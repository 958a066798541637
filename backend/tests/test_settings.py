"""A process that is set up wrongly says so and does not start."""

import os
import subprocess
import sys

import pytest
from processes import SOURCES
from support import SECRET

from todo_chatbot.settings import ApiSettings

GOOD = {"BETTER_AUTH_SECRET": SECRET, "DATABASE_URL": "postgresql://u:p@127.0.0.1/db"}


def run(command: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)}
    return subprocess.run(
        [sys.executable, "-m", "todo_chatbot", command],
        env=base | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.requirement("001/FR-063")
@pytest.mark.parametrize("command", ["api", "tools"])
def test_each_missing_variable_is_named(command: str) -> None:
    ended = run(command, {})

    assert ended.returncode == 78
    assert ended.stderr.splitlines() == [
        "BETTER_AUTH_SECRET: is not set",
        "DATABASE_URL: is not set",
    ]


@pytest.mark.requirement("001/FR-063")
def test_each_malformed_variable_is_named_and_no_secret_shown() -> None:
    ended = run(
        "api",
        {
            "BETTER_AUTH_SECRET": "short",
            "DATABASE_URL": "mysql://u:hunter2@127.0.0.1/db",
            "PORT": "http",
            "TOOLS_URL": "tools",
            "MODEL_PROVIDER": "magic",
            "TURN_LEASE_SECONDS": "0",
        },
    )

    assert ended.returncode == 78
    assert {line.partition(":")[0] for line in ended.stderr.splitlines()} == {
        "BETTER_AUTH_SECRET", "DATABASE_URL", "PORT", "TOOLS_URL", "MODEL_PROVIDER",
        "TURN_LEASE_SECONDS",
    }  # fmt: skip
    assert "at least 32 bytes" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.requirement("001/FR-063")
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MODEL_PROVIDER": "openai"}, "OPENAI_API_KEY"),
        ({"MODEL_PROVIDER": "compatible"}, "OPENAI_BASE_URL"),
    ],
)
def test_a_provider_without_what_it_needs_does_not_start(
    variables: dict[str, str], named: str
) -> None:
    ended = run("api", GOOD | variables)

    assert ended.returncode == 78
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.requirement("005/FR-049")
def test_what_was_typed_into_a_secret_may_end_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = GOOD | {
        "DATABASE_URL": "postgresql://u:p%40%2F@127.0.0.1/db\n",
        "OPENAI_API_KEY": "sk-1\n",
        "BETTER_AUTH_SECRET": f"{SECRET}\n",
    }
    for name, value in typed.items():
        monkeypatch.setenv(name, value)

    read = ApiSettings()

    assert read.database_url.get_secret_value() == "postgresql://u:p%40%2F@127.0.0.1/db"
    assert read.openai_api_key is not None
    assert read.openai_api_key.get_secret_value() == "sk-1"
    # auth signs with the very same bytes.
    assert read.better_auth_secret.get_secret_value() == f"{SECRET}\n"
