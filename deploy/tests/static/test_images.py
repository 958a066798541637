"""What the Dockerfiles promise, as far as it can be read."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
NAMES = ("backend", "auth", "web")
TEXT = {name: (ROOT / name / "Dockerfile").read_text() for name in NAMES}

each_image = pytest.mark.parametrize("name", NAMES)


@pytest.mark.requirement("005/FR-001")
@each_image
def test_bases_are_arguments_and_nothing_newer_than_docker_20_is_used(name: str) -> None:
    bases = re.findall(r"^FROM (\S+)", TEXT[name], re.M)
    defaults = re.findall(r"^ARG \w+_IMAGE=(\S+)$", TEXT[name], re.M)

    assert all(re.fullmatch(r"\$\{\w+_IMAGE\}", base) for base in bases)
    assert all("@" not in default for default in defaults)
    assert not re.search(r"^# *syntax=|<<|--link|--exclude|--start-interval", TEXT[name], re.M)


@pytest.mark.requirement("005/FR-002")
@each_image
def test_it_runs_as_an_existing_user_without_rights(name: str) -> None:
    last = TEXT[name].split("\nFROM ")[-1]

    assert "useradd --uid 65532" in last
    assert re.findall(r"^USER (\S+)$", last, re.M) == ["65532:65532"]


@pytest.mark.requirement("005/FR-003")
@each_image
def test_its_context_is_what_it_needs(name: str) -> None:
    lines = (ROOT / name / ".dockerignore").read_text().splitlines()

    assert lines[0] == "*"
    assert all(line.startswith(("!", "**/__pycache__")) for line in lines[1:])


@pytest.mark.requirement("005/FR-007")
@each_image
def test_it_says_what_it_is(name: str) -> None:
    labels = set(re.findall(r"org\.opencontainers\.image\.(\w+)=", TEXT[name]))

    assert labels == {"title", "description", "version", "revision", "source"}


@pytest.mark.requirement("005/FR-008")
def test_packages_come_from_locks() -> None:
    assert "--require-hashes" in TEXT["backend"]
    for name in ("auth", "web"):
        assert "npm ci" in TEXT[name]
        assert "npm install" not in TEXT[name]


@pytest.mark.requirement("005/FR-020", "005/FR-022")
def test_compose_hardens_every_service_and_publishes_web_alone() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${WEB_PORT:-8000}:8080"]}


@pytest.mark.requirement("005/FR-020")
def test_compose_starts_each_service_when_what_it_needs_is_there() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            done = "command" in services[needed] and "healthcheck" not in services[needed]
            expected = "service_completed_successfully" if done else "service_healthy"
            assert how["condition"] == expected, (name, needed)
