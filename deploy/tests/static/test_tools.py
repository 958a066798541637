"""The linters of the field have nothing to say, but for what is accepted here with its reason."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import helm_python
import pytest
import yaml

from static.chart import CHART, EVERYTHING, render

ROOT = Path(__file__).parents[3]
DOCKERFILES = [ROOT / name / "Dockerfile" for name in ("backend", "auth", "web")]
SCRIPTS = [
    ROOT / "web/nginx/start.sh",
    CHART / "files/postgres.sh",
    *(ROOT / "deploy/tests").rglob("*.sh"),
]

ACCEPTED = {
    "CKV_K8S_15": "Pulling fails where images are loaded onto nodes; tags are content hashes.",
    "CKV_K8S_43": "Digests are a value; images built on the node have none.",
    "CKV_K8S_35": "The programs read their settings from the environment, on every platform alike.",
    "CKV_K8S_21": "The namespace is the operator's: helm --namespace.",
    "CKV_K8S_40": "PostgreSQL's image has its user 999, and files on volumes belong to it.",
    "CKV_DOCKER_2": "Kubernetes' probes and compose.yaml ask, where the command is known.",
    "CKV2_K8S_6": "Policies select by labels, which this check does not follow for Jobs.",
}


def said(*argv: object) -> str:
    """Return what a linter found, having ended with whatever status."""
    program = shutil.which(str(argv[0])) or str(Path(sys.executable).with_name(str(argv[0])))
    done = subprocess.run([program, *argv[1:]], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.requirement("005/FR-081", "005/FR-001")
def test_dockerfiles() -> None:
    assert said("hadolint", *DOCKERFILES) == ""


@pytest.mark.requirement("005/FR-081")
def test_shell_scripts() -> None:
    assert said("shellcheck", *SCRIPTS) == ""


@pytest.mark.requirement("005/FR-081")
def test_yaml() -> None:
    rules = {
        "line-length": {"max": 140},
        "document-start": "disable",
        "braces": {"max-spaces-inside": 1},
        "truthy": {"check-keys": False},
        "comments": {"min-spaces-from-content": 1},
    }
    config = json.dumps({"extends": "default", "rules": rules})
    files = [*CHART.glob("*.yaml"), ROOT / "compose.yaml", *(ROOT / ".github").rglob("*.yml")]

    assert said("yamllint", "--strict", "-d", config, *files) == ""


@pytest.mark.requirement("005/FR-081")
def test_the_chart_is_linted_strictly() -> None:
    found = helm_python.lint(str(CHART), strict=True)

    assert [one for one in found["messages"] if one["error"] != "icon is recommended"] == []


@pytest.mark.requirement("005/FR-081", "005/FR-041")
def test_helms_own_programs_agree_with_its_library() -> None:
    """Both majors are in use. Where no program is installed, the library has been asked alone."""
    ours = {(one["kind"], one["metadata"]["name"]) for one in render(EVERYTHING)}
    for program in filter(shutil.which, ("helm", "helm3")):
        values = ("--values", "-", "--namespace", "todo")
        made = subprocess.run(
            [program, "template", "todo-chatbot", CHART, *values],
            input=json.dumps(EVERYTHING), capture_output=True, text=True, check=True,
        )  # fmt: skip
        things = [one for one in yaml.safe_load_all(made.stdout) if one]

        assert {(one["kind"], one["metadata"]["name"]) for one in things} == ours, program
        assert "0 chart(s) failed" in said(program, "lint", "--strict", CHART), program
        assert "replicas" in said(program, "template", "x", CHART, "--set", "api.replicas=0")


@pytest.mark.requirement("005/FR-081")
def test_rendered_manifests(tmp_path: Path) -> None:
    things = render({}) + [one for one in render(EVERYTHING) if one["kind"] == "Ingress"]
    (tmp_path / "rendered.yaml").write_text(yaml.safe_dump_all(things))

    found = said(
        "checkov", "--quiet", "--compact", "--output=json", "--skip-download",
        "--framework=kubernetes", "--directory", tmp_path,
    )  # fmt: skip
    failed = json.loads(found)["results"]["failed_checks"]
    refused = [one for one in failed if one["check_id"] not in ACCEPTED]

    assert [(one["check_id"], one["check_name"], one["resource"]) for one in refused] == []
