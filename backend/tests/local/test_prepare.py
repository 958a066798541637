"""``make run`` before anything runs: what it installs and builds, and when it cannot, why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "scripts"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What bootstrap reads of a checkout, with nothing installed."""
    for name in ("scripts", "backend/locks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("backend/pyproject.toml", "auth/package-lock.json", "web/package-lock.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def prepare(monkeypatch):
    """The module, as the scripts import it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import prepare

    return prepare


def run(script: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, **variables}
    return subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.requirement("001/FR-202")
def test_without_a_network_it_says_so_and_goes_on_from_there(checkout):
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:1", "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}

    first = run(checkout / "scripts" / "bootstrap.py", **offline)
    second = run(checkout / "scripts" / "bootstrap.py", **offline)

    assert first.returncode == 1
    assert "] Python environment" in first.stdout
    assert "The network cannot be reached." in first.stderr
    assert "Traceback" not in first.stderr
    assert "] Python environment" not in second.stdout
    assert "] Python packages" in second.stdout


@pytest.mark.requirement("001/FR-202")
def test_a_python_that_is_too_old_is_told_what_to_do(tmp_path):
    bootstrap = str(SCRIPTS / "bootstrap.py")
    run_as_main = f"runpy.run_path({bootstrap!r}, run_name='__main__')"
    pretend = f"import sys, runpy; sys.version_info = (3, 9); {run_as_main}"

    ended = subprocess.run(
        [sys.executable, "-c", pretend],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "Python 3.11 or newer is needed" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.requirement("001/FR-202")
def test_a_python_without_venv_is_told_what_to_install(checkout, prepare, monkeypatch, capsys):
    monkeypatch.setattr(prepare, "VENV", checkout / ".venv")
    monkeypatch.setattr(prepare, "PYTHON", checkout / ".venv" / "bin" / "python")
    monkeypatch.setattr(prepare.importlib.util, "find_spec", lambda _: None)

    status = prepare.prepare(dev=False)

    assert status == 1
    assert "sudo apt-get install python3." in capsys.readouterr().err


@pytest.mark.requirement("001/FR-202")
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("npm error code ENOSPC", "There is no space left on the disk."),
        ("OSError: [Errno 28] No space left on device", "There is no space left on the disk."),
        ("npm error network request failed, reason: getaddrinfo ENOTFOUND", "The network cannot"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "its hash differs"),
        ("something else", "The lines above are the last it said."),
    ],
)
def test_a_failed_step_is_explained(prepare, tmp_path, said, sentence):
    command = [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(1)"]

    with pytest.raises(prepare.Failed, match=sentence) as failed:
        prepare.Steps(total=1).run("A step", command, tmp_path)

    assert said in str(failed.value)


@pytest.mark.requirement("001/FR-201")
def test_only_what_has_changed_is_built_again(prepare, monkeypatch, tmp_path):
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare.node, "is_linked", lambda _: True)
    for name in ("auth", "web"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "package-lock.json").write_text("{}")
        (tmp_path / name / "src" / "main.ts").write_text("1")

    def missing() -> list[str]:
        return [title for title, _ in prepare._node_steps()]

    def build(folder: Path) -> None:
        lock = prepare._hash(folder / "package-lock.json")
        sources = prepare._hash(*prepare._sources(folder))
        for made in ("node_modules", "dist"):
            (folder / made).mkdir(exist_ok=True)
        prepare._write_stamp(folder / "node_modules", {"lock": lock, "sources": sources})

    assert missing() == ["auth: packages", "auth: build", "web: packages", "web: build"]
    for name in ("auth", "web"):
        build(tmp_path / name)
    assert missing() == []
    (tmp_path / "auth" / "src" / "main.ts").write_text("2")
    assert missing() == ["auth: build"]
    (tmp_path / "web" / "package-lock.json").write_text("{ }")
    assert missing() == ["auth: build", "web: packages", "web: build"]


@pytest.mark.requirement("001/FR-201")
@pytest.mark.parametrize(("version", "will_do"), [("v20.20.2", False), ("v24.1.0", True)])
def test_a_node_that_is_too_old_is_not_used(prepare, monkeypatch, tmp_path, version, will_do):
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = prepare.node.on_machine()

    assert found == (tmp_path / "node" if will_do else None)
