"""Who may talk to whom: the arrows of docs/architecture.md, and nothing else."""

from typing import Any

import pytest

from static.chart import EVERYTHING, component, of_kind, pods, render

ARROWS = {
    ("web", "auth"), ("web", "api"), ("api", "tools"), ("tests", "web"),
    ("api", "postgres"), ("tools", "postgres"), ("auth", "postgres"), ("migrations", "postgres"),
}  # fmt: skip
PORTS = {"api": 8001, "tools": 8002, "auth": 8003, "web": 8080, "postgres": 5432}
NAME = "app.kubernetes.io/component"


def policies(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = of_kind(render(values), "NetworkPolicy")
    return {component(one): one["spec"] for one in found}


def peers(rules: list[dict[str, Any]], side: str) -> list[tuple[str, int]]:
    """Return the components of this release that rules name, with the port."""
    return [
        (peer["podSelector"]["matchLabels"][NAME], port["port"])
        for rule in rules
        for peer in rule.get(side, [])
        if "podSelector" in peer
        for port in rule["ports"]
    ]


@pytest.mark.requirement("005/FR-050")
def test_every_arrow_is_allowed_at_both_ends_and_no_other() -> None:
    found = policies({})
    leaving = [
        (name, peer, port)
        for name, spec in found.items()
        for peer, port in peers(spec.get("egress", []), "to")
    ]
    entering = [
        (peer, name, port)
        for name, spec in found.items()
        for peer, port in peers(spec.get("ingress", []), "from")
    ]
    # Anybody may call web, so web names nobody.
    expected = sorted((a, b, PORTS[b]) for a, b in ARROWS)

    assert sorted(leaving) == expected
    assert sorted(entering) == [arrow for arrow in expected if arrow[1] != "web"]


@pytest.mark.requirement("005/FR-050")
def test_everything_else_is_denied_both_ways() -> None:
    things = render({})
    found = policies({})
    [default] = [spec for name, spec in found.items() if name == "default"]

    assert all(spec["policyTypes"] == ["Ingress", "Egress"] for spec in found.values())
    assert "ingress" not in default
    for _, pod in pods(things):
        assert default["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
        assert component(pod) in found
    assert [port["port"] for rule in default["egress"] for port in rule["ports"]] == [53, 53]


@pytest.mark.requirement("005/FR-051")
def test_the_offline_assistant_needs_no_way_out() -> None:
    blocks = [
        peer
        for spec in policies({}).values()
        for rule in spec.get("egress", [])
        for peer in rule["to"]
        if "ipBlock" in peer
    ]

    assert blocks == []


@pytest.mark.requirement("005/FR-051")
@pytest.mark.parametrize(
    ("model", "port"),
    [
        ({"provider": "openai"}, 443),
        ({"provider": "compatible", "baseUrl": "http://models.example:11434/v1"}, 11434),
        ({"provider": "compatible", "baseUrl": "http://models.example/v1"}, 80),
        ({"provider": "compatible", "baseUrl": "https://models.example/v1"}, 443),
    ],
)
def test_api_alone_reaches_the_models_host(model: dict[str, str], port: int) -> None:
    secrets = {"existingSecrets": {"model": "key"}}
    found = policies({"model": model | {"egress": ["203.0.113.0/24"]}} | secrets)
    out = {
        (name, peer["ipBlock"]["cidr"], port["port"])
        for name, spec in found.items()
        for rule in spec.get("egress", [])
        for peer in rule["to"]
        if "ipBlock" in peer
        for port in rule["ports"]
    }

    assert out == {("api", "203.0.113.0/24", port)}


@pytest.mark.requirement("005/FR-051", "005/FR-044")
def test_an_external_database_is_reached_by_those_who_need_it() -> None:
    external = {"mode": "external", "external": {"egress": ["203.0.113.7/32"], "port": 6432}}
    found = policies({"database": external, "existingSecrets": {"database": "urls"}})
    out = {
        name: [port["port"] for port in rule["ports"]]
        for name, spec in found.items()
        for rule in spec.get("egress", [])
        if any("ipBlock" in peer for peer in rule["to"])
    }

    assert out == {name: [6432] for name in ("api", "tools", "auth", "migrations")}
    assert "postgres" not in found


@pytest.mark.requirement("005/FR-051")
def test_prometheus_may_scrape_when_it_is_told_to() -> None:
    def scraped(values: dict[str, Any]) -> dict[str, int]:
        return {
            name: rule["ports"][0]["port"]
            for name, spec in policies(values).items()
            for rule in spec.get("ingress", [])
            for peer in rule.get("from", [])
            if "namespaceSelector" in peer
        }

    assert scraped({}) == {}
    assert scraped(EVERYTHING) == {"api": 8001, "tools": 8002, "auth": 8003, "web": 8081}


@pytest.mark.requirement("005/FR-052")
def test_tools_answers_to_the_names_of_its_service() -> None:
    things = render({})
    [tools] = [pod for _, pod in pods(things) if component(pod) == "tools"]
    [api] = [pod for _, pod in pods(things) if component(pod) == "api"]
    allowed = _env(tools)["TOOLS_ALLOWED_HOSTS"].split(",")
    host = _env(api)["TOOLS_URL"].split("/")[2]

    assert allowed == [
        "todo-chatbot-tools:*", "todo-chatbot-tools.todo:*", "todo-chatbot-tools.todo.svc:*"
    ]  # fmt: skip
    assert host.split(":")[0] + ":*" in allowed


def _env(pod: dict[str, Any]) -> dict[str, str]:
    [container] = pod["spec"]["containers"]
    return {one["name"]: one.get("value", "") for one in container["env"]}
