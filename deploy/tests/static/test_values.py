"""What can be set, what is refused, and that no value is a secret."""

import json
from typing import Any

import pytest
import yaml

from ops import values_table
from static import chart
from static.chart import EVERYTHING, EXISTING, PROFILES, component, of_kind, pods, refuses, render


def paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every mapping in the values, the whole included."""
    if not isinstance(value, dict):
        return []
    return [path, *(found for key in value for found in paths(value[key], (*path, key)))]


FREE = {"env", "podAnnotations", "podLabels", "annotations", "labels", "nodeSelector"}
"""Mappings that take any name."""

MAPPINGS = [
    path for path in paths(chart.from_file("values.yaml")) if not FREE & set(path)
]  # fmt: skip


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize("path", MAPPINGS, ids=".".join)
def test_an_unknown_value_is_refused_at_any_depth(path: tuple[str, ...]) -> None:
    values: dict[str, Any] = {"mistyped": 1}
    for key in reversed(path):
        values = {key: values}

    assert "mistyped" in refuses(values)


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize(
    "values",
    [
        {"api": {"replicas": 0}},
        {"api": {"replicas": "2"}},
        {"api": {"env": {"DATABASE_URL": "postgresql://a:b@c/d"}}},
        {"api": {"env": {"OPENAI_API_KEY": "sk-1"}}},
        {"api": {"env": {"HISTORY_MESSAGES": 10}}},
        {"api": {"resources": None}},
        {"api": {"resources": {"limits": {"memory": None}}}},
        {"api": {"resources": {"limits": {"memory": "lots"}}}},
        {"publicUrl": "localhost:8000"},
        {"publicUrl": "http://localhost:8000/\nx: y"},
        {"model": {"provider": "gpt"}},
        {"model": {"provider": "compatible"}},
        {"model": {"provider": "openai"}},
        {"model": {"name": "a'\n- name: EVIL"}},
        {"model": {"provider": "compatible", "baseUrl": "http://user:secret@host/v1"}},
        {"model": {"egress": []}},
        {"database": {"mode": "external"}},
        {"images": {"tag": "a b"}},
        {"images": {"web": {"digest": "sha256:1"}}},
        {"images": {"registry": "host/"}},
        {"web": {"ui": "fancy"}},
        {"web": {"service": {"nodePort": 80}}},
        {"ingress": {"host": "*"}},
        {"httpRoute": {"enabled": True}},
        {"postgres": {"storage": {"size": "big"}}},
        {"existingSecrets": {"signing": "No Name"}},
        {"logLevel": "chatty"},
    ],
    ids=json.dumps,
)
def test_a_value_of_the_wrong_kind_is_refused(values: chart.Thing) -> None:
    assert refuses(values)


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize("values", PROFILES.values(), ids=PROFILES.keys())
def test_every_profile_is_accepted(values: chart.Thing) -> None:
    assert refuses(values) == ""


@pytest.mark.requirement("005/FR-041")
@pytest.mark.parametrize(
    "text",
    [
        "${X}",
        "{{ .Release.Name }}",
        "a: b # c",
        "'\"",
        "- x",
        "yes",
        "0x1f",
        "\n\nkind: Pod",
        "$(X)",
    ],
)
def test_whatever_stands_in_the_environment_stays_text(text: str) -> None:
    things = render({"api": {"env": {"STRANGE": text}, "podAnnotations": {"strange": text}}})
    [api] = [pod for _, pod in pods(things) if component(pod) == "api"]
    [container] = api["spec"]["containers"]

    # Kubernetes itself takes $(X) for another variable, and $$(X) for this text.
    assert {"name": "STRANGE", "value": text.replace("$(", "$$(")} in container["env"]
    assert api["metadata"]["annotations"]["strange"] == text


@pytest.mark.requirement("005/FR-043", "005/FR-042")
@pytest.mark.parametrize("values", [EXISTING, EVERYTHING])
def test_existing_secrets_leave_none_in_the_manifests(values: chart.Thing) -> None:
    assert of_kind(render(values), "Secret") == []


@pytest.mark.requirement("005/FR-042", "005/FR-043")
def test_generated_secrets_stand_in_secrets_alone() -> None:
    things = render({})
    secrets = {
        key: value for one in of_kind(things, "Secret") for key, value in one["data"].items()
    }
    rest = yaml.safe_dump_all([one for one in things if one["kind"] != "Secret"])

    assert sorted(secrets) == [
        "BETTER_AUTH_SECRET",
        "POSTGRES_AUTH_PASSWORD", "POSTGRES_OWNER_PASSWORD", "POSTGRES_SERVICE_PASSWORD",
    ]  # fmt: skip
    assert len(set(secrets.values())) == len(secrets)
    assert not any(value in rest for value in secrets.values())


@pytest.mark.requirement("005/FR-045")
def test_the_models_key_reaches_api_alone() -> None:
    things = render({"model": {"provider": "openai"}, "existingSecrets": {"model": "key"}})
    holders = {component(pod) for _, pod in pods(things) if "OPENAI_API_KEY" in str(pod)}

    assert holders == {"api"}
    assert "OPENAI_API_KEY" not in str(render({}))


@pytest.mark.requirement("005/FR-044")
def test_neon_takes_both_urls_from_the_secret_and_runs_no_postgres() -> None:
    things = render(PROFILES["neon"])
    taken = {
        (component(pod), one["name"]): one["valueFrom"]["secretKeyRef"]["name"]
        for _, pod in pods(things)
        for container in pod["spec"]["containers"]
        for one in container.get("env", [])
        if "DATABASE_URL" in one["name"]
    }

    assert of_kind(things, "StatefulSet") == []
    assert set(taken.values()) == {"todo-chatbot-database"}
    assert {who for who, name in taken if name == "MIGRATE_DATABASE_URL"} == {"migrations"}
    assert {who for who, name in taken if name == "DATABASE_URL"} == {
        "api", "tools", "auth", "migrations"
    }  # fmt: skip


@pytest.mark.requirement("005/FR-040")
def test_the_table_in_the_readme_is_made_of_the_comments() -> None:
    assert values_table.readme() == (chart.CHART / "README.md").read_text()


@pytest.mark.requirement("005/FR-048")
def test_the_notes_are_commands_for_this_release() -> None:
    documents = chart.files({}, release="mine", namespace="here")
    [notes] = [text for name, text in documents.items() if name.endswith("NOTES.txt")]

    assert "kubectl --namespace here port-forward service/mine-todo-chatbot-web 8000:80" in notes
    assert "helm test mine --namespace here" in notes
