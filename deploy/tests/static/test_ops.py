"""The commands: what they run, seen by programs that take the place of docker, helm and kubectl."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ops import doctor, dotenv, images, secrets, trouble
from ops.cli import app
from ops.cluster import Cluster
from ops.shell import Failed, run

RECORDER = """#!/usr/bin/env python3
import json, os, sys
stdin = "" if sys.stdin.isatty() else sys.stdin.read()
with open(os.environ["RECORD"], "a") as record:
    kept = ("ASSISTANT_", "DOCKER_BUILDKIT", "BUILDX_")
    told = {name: value for name, value in os.environ.items() if name.startswith(kept)}
    print(json.dumps({"argv": sys.argv, "stdin": stdin, "env": told}), file=record)
print(os.environ.get("ANSWER", "{}"))
"""


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with every call of docker, minikube, kubectl and helm, which do nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("docker", "minikube", "kubectl", "helm"):
        (folder / name).write_text(RECORDER)
        (folder / name).chmod(0o755)
    record = tmp_path / "record"
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RECORD", str(record))
    monkeypatch.delenv("HELM", raising=False)
    monkeypatch.delenv("HELM_ARGS", raising=False)
    for name in images.BUILDKIT:
        monkeypatch.delenv(name, raising=False)
    return record


def calls(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]


@pytest.mark.requirement("005/FR-072")
def test_every_call_names_its_context_and_no_argument_holds_a_secret(recorded: Path) -> None:
    cluster = Cluster("somewhere")
    env = {name: f"{name}-is-secret" for name in (*dotenv.GENERATED, "OPENAI_API_KEY")}

    cluster.create_namespace()
    values = secrets.apply(cluster, env)
    cluster.upgrade(values)
    cluster.test()

    made = calls(recorded)
    for call in made:
        assert "somewhere" in call["argv"], call["argv"]
        assert "is-secret" not in " ".join(call["argv"])
    helm = [call for call in made if call["argv"][0].endswith("helm")]
    assert not any("is-secret" in call["stdin"] for call in helm)
    assert sum("is-secret" in call["stdin"] for call in made) == 3


@pytest.mark.requirement("005/FR-042", "005/FR-044")
def test_the_environment_file_decides_what_is_installed(recorded: Path) -> None:
    plain = secrets.apply(Cluster("x"), {"BETTER_AUTH_SECRET": "s"})
    neon = secrets.apply(Cluster("x"), {"DATABASE_URL": "postgresql://a", "OPENAI_API_KEY": "k"})
    local = secrets.apply(Cluster("x"), {"OPENAI_BASE_URL": "http://h/v1", "MODEL": "m"})

    assert plain["model"] == {"provider": "offline", "baseUrl": ""}
    assert "database" not in plain
    assert neon["database"] == {"mode": "external"}
    assert neon["model"]["provider"] == "openai"
    assert local["model"] == {"provider": "compatible", "baseUrl": "http://h/v1", "name": "m"}
    assert recorded.exists()


@pytest.mark.requirement("005/FR-021")
def test_secrets_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# mine\nOPENAI_API_KEY='mine'")

    first = dotenv.ensure(path)
    second = dotenv.ensure(path)

    assert first == second
    assert first["OPENAI_API_KEY"] == "mine"
    assert len({first[name] for name in dotenv.GENERATED}) == len(dotenv.GENERATED)
    assert path.read_text().startswith("# mine\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.requirement("005/FR-070", "005/FR-072")
def test_minikube_takes_every_step_on_its_own_profile(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dotenv, "ENV", tmp_path / ".env")
    # Good enough for a version and for the id of an image.
    monkeypatch.setenv("ANSWER", "sha256:99.99")

    result = CliRunner().invoke(app, ["minikube", "--no-serve", "--port", "8123"])

    assert result.exit_code == 0, result.output
    made = [(Path(call["argv"][0]).name, *call["argv"][1:]) for call in calls(recorded)]
    acts = [call for call in made if "version" not in call]
    assert all("todo" in call for call in acts if call[0] != "docker")
    [start] = [call for call in acts if "start" in call]
    assert {"--cni=calico", "--container-runtime=containerd", "--keep-context"} <= set(start)
    builds = [call["env"] for call in calls(recorded) if "build" in call["argv"]]
    assert builds == [{"DOCKER_BUILDKIT": "1", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}] * 3
    loaded = [call[-1] for call in acts if call[0] == "minikube" and "load" in call]
    assert loaded == [f"todo-chatbot-{name}:99.99" for name in ("backend", "auth", "web")]
    assert [call[5] for call in acts if call[0] == "helm"] == ["upgrade", "test"]
    [values] = [call["stdin"] for call in calls(recorded) if "upgrade" in call["argv"]]
    assert json.loads(values)["publicUrl"] == "http://localhost:8123"


@pytest.mark.requirement("005/FR-073")
def test_any_other_context_is_deployed_to_and_minikubes_profile_removed(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dotenv, "ENV", tmp_path / ".env")
    monkeypatch.setenv("ANSWER", "sha256:99.99")

    deployed = CliRunner().invoke(
        app, ["deploy", "--context", "mine", "--load", "docker mine load"]
    )
    removed = CliRunner().invoke(app, ["minikube-down"])

    assert (deployed.exit_code, removed.exit_code) == (0, 0), deployed.output + removed.output
    made = [(Path(call["argv"][0]).name, *call["argv"][1:]) for call in calls(recorded)]
    there = [call for call in made if call[0] in {"kubectl", "helm"} and "version" not in call]
    assert all("mine" in call for call in there)
    assert [call for call in made if "load" in call] == [
        ("docker", "mine", "load", f"todo-chatbot-{name}:99.99")
        for name in ("backend", "auth", "web")
    ]
    assert made[-1] == ("minikube", "--profile", "todo", "delete")


@pytest.mark.requirement("005/FR-020", "005/FR-021")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", {"ASSISTANT_PROVIDER": "offline"}),
        ("OPENAI_API_KEY=k", {"ASSISTANT_PROVIDER": "openai", "ASSISTANT_MODEL": "gpt-5-mini"}),
        (
            "OPENAI_BASE_URL=http://h/v1\nMODEL=llama3.2",
            {"ASSISTANT_PROVIDER": "compatible", "ASSISTANT_MODEL": "llama3.2"},
        ),
    ],
)
def test_the_page_under_compose_says_who_answers(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, told: dict[str, str]
) -> None:
    monkeypatch.setattr(dotenv, "ENV", tmp_path / ".env")
    monkeypatch.setenv("ANSWER", "99.99")
    dotenv.ENV.write_text(f"{line}\n")

    result = CliRunner().invoke(app, ["compose"])

    assert result.exit_code == 0, result.output
    [up] = [call for call in calls(recorded) if "compose" in call["argv"]]
    assert up["env"] == told


@pytest.mark.requirement("005/FR-070")
def test_nothing_is_begun_while_a_tool_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    result = CliRunner().invoke(app, ["minikube"])

    assert result.exit_code == 69
    for name in ("docker", "minikube", "kubectl", "helm"):
        assert f"{name} is not installed. Get " in " ".join(result.output.split())


@pytest.mark.requirement("005/FR-070")
def test_the_doctor_says_what_is_missing_too_old_or_silent(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tool(name: str) -> doctor.Tool:
        return doctor.Tool(name, (1, 30), ("version",), "https://get.example")

    monkeypatch.setenv("ANSWER", "Client Version: v1.29.4")
    old = doctor.examine(tool("kubectl"))
    monkeypatch.setenv("ANSWER", "Client Version: v1.34.5")
    good = doctor.examine(tool("kubectl"))
    monkeypatch.setenv("ANSWER", "hello")
    silent = doctor.examine(tool("kubectl"))
    missing = doctor.examine(tool("no-such-program"))

    assert old == ["kubectl is 1.29, which is too old. Get 1.30 or newer: https://get.example"]
    assert good == []
    assert silent == ["kubectl does not tell its version. Get 1.30 or newer: https://get.example"]
    assert missing == ["no-such-program is not installed. Get 1.30 or newer: https://get.example"]
    assert recorded.exists()


@pytest.mark.requirement("005/FR-071")
def test_trouble_is_told_of_pods_that_are_not_well(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = {"reason": "ImagePullBackOff"}
    # kubectl's stand-in gives the same answer for pods and for events.
    well = {"metadata": {"name": "fine"}, "reason": "", "message": "", "status": {
        "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}  # fmt: skip
    unwell = {"metadata": {"name": "ill"}, "reason": "Failed", "message": "no such image",
        "status": {"phase": "Pending", "containerStatuses": [
            {"name": "api", "state": {"waiting": waiting}}]}}  # fmt: skip
    monkeypatch.setenv("ANSWER", json.dumps({"items": [well, unwell]}))

    told = trouble.report(Cluster("x"))

    assert "ill" in told
    assert "ImagePullBackOff" in told
    assert "no such image" in told
    assert "pod fine" not in told
    assert recorded.exists()


@pytest.mark.requirement("005/FR-071")
def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(Failed, match="status 3:\nbecause"):
        run(["sh", "-c", "echo because >&2; exit 3"])
    with pytest.raises(Failed, match="no-such-program is not installed"):
        run(["no-such-program"])
