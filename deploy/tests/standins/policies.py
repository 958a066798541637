"""Enforces NetworkPolicies where the cluster's network does not: `python policies.py NETNS`.

Reads what kubectl's current context has, every second, and writes it as iptables rules into the
network namespace through which all pods talk. Knows what the chart uses: labels, CIDRs and ports.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Thing = dict[str, Any]
ANYWHERE = "0.0.0.0/0"
NAME = "kubernetes.io/metadata.name"
"""The label that a namespace has since Kubernetes 1.21."""

SIDES = {
    "Egress": ("E", "-s", "-d", "egress", "to"),
    "Ingress": ("I", "-d", "-s", "ingress", "from"),
}


@dataclass(frozen=True)
class Pod:
    """Where a pod is and what its labels are."""

    namespace: str
    address: str
    labels: dict[str, str]


def main(netns: str) -> None:
    """Write the rules whenever they differ from the last time."""
    inside = ("nsenter", f"--net=/run/netns/{netns}")
    written = ""
    while True:
        rules = "\n".join(_rules())
        if rules != written:
            restore = (*inside, "iptables-restore", "--noflush")
            subprocess.run(restore, input=rules + "\n", text=True, check=True)
            written = rules
        jump = ("FORWARD", "-j", "POLICIES")
        check = subprocess.run((*inside, "iptables", "-C", *jump), capture_output=True, check=False)
        if check.returncode != 0:
            subprocess.run((*inside, "iptables", "-I", *jump), check=True)
        time.sleep(1)


def _get(kind: str) -> list[Thing]:
    argv = ("kubectl", "get", kind, "--all-namespaces", "--output", "json")
    items: list[Thing] = json.loads(subprocess.check_output(argv))["items"]
    return items


def _rules() -> Iterator[str]:
    namespaces = {
        one["metadata"]["name"]: one["metadata"].get("labels", {}) | {NAME: one["metadata"]["name"]}
        for one in _get("namespaces")
    }
    pods = [
        Pod(one["metadata"]["namespace"], one["status"]["podIP"], one["metadata"].get("labels", {}))
        for one in _get("pods")
        if "podIP" in one["status"] and one["status"]["phase"] in ("Pending", "Running")
    ]
    policies = _get("networkpolicies")
    jumps, chains = [], []
    for direction, (letter, own, other, rules, side) in SIDES.items():
        for pod in pods:
            chosen = [one for one in policies if _chooses(one, pod, direction)]
            if not chosen:
                continue
            chain = f"{letter}-{pod.address}"
            jumps.append(f"-A POLICIES {own} {pod.address} -j {chain}")
            allowed = [
                f"-A {chain} {other} {address}{port} -j RETURN"
                for policy in chosen
                for rule in policy["spec"].get(rules, [])
                for address in _peers(rule.get(side), pod.namespace, pods, namespaces)
                for port in _ports(rule)
            ]
            chains.append((chain, [*allowed, f"-A {chain} -j DROP"]))
    yield from ("*filter", ":POLICIES - [0:0]", *(f":{chain} - [0:0]" for chain, _ in chains))
    yield "-A POLICIES -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
    yield from jumps
    yield from (line for _, lines in chains for line in lines)
    yield "COMMIT"


def _chooses(policy: Thing, pod: Pod, direction: str) -> bool:
    spec = policy["spec"]
    here = policy["metadata"]["namespace"] == pod.namespace
    return here and direction in spec["policyTypes"] and _fits(spec["podSelector"], pod.labels)


def _fits(selector: Thing, labels: dict[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items()


def _peers(
    peers: list[Thing] | None, own: str, pods: list[Pod], namespaces: dict[str, dict[str, str]]
) -> Iterator[str]:
    if not peers:
        yield ANYWHERE
        return
    for peer in peers:
        if "ipBlock" in peer:
            yield peer["ipBlock"]["cidr"]
            continue
        for pod in pods:
            if "namespaceSelector" in peer:
                near = _fits(peer["namespaceSelector"], namespaces.get(pod.namespace, {}))
            else:
                near = pod.namespace == own
            if near and _fits(peer.get("podSelector", {}), pod.labels):
                yield pod.address


def _ports(rule: Thing) -> Iterator[str]:
    for port in rule.get("ports", []):
        yield f" -p {port['protocol'].lower()} --dport {port['port']}"
    if not rule.get("ports"):
        yield ""


if __name__ == "__main__":
    main(sys.argv[1])
