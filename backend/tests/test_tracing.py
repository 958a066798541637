"""Nothing is sent anywhere but to the model that was configured."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_openai import FakeOpenAI, Says, calls
from processes import SOURCES
from support import SECRET

WATCHED = Path(__file__).parent / "watched_turn.py"


@pytest.mark.requirement("001/FR-052")
async def test_a_turn_contacts_this_machine_alone_whatever_keys_the_environment_holds(
    database_url: str, tmp_path: Path
) -> None:
    async with FakeOpenAI().running() as fake:
        fake.script(calls("add_task", title="Secret"), Says("Added."))
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join([str(SOURCES), str(WATCHED.parent)]),
            "BETTER_AUTH_SECRET": SECRET,
            "DATABASE_URL": database_url,
            "OPENAI_API_KEY": "sk-of-another-provider",
            "OPENAI_BASE_URL": fake.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(WATCHED),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(60):
                output, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()

    assert process.returncode == 0, errors.decode()
    seen = json.loads(output.splitlines()[-1])
    assert seen["response"] == "Added."
    assert len(seen["contacted"]) >= 2
    assert {host for host, _ in seen["contacted"]} == {"127.0.0.1"}
    assert set(seen["looked_up"]) <= {"127.0.0.1"}
