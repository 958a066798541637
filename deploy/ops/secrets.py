"""Makes the cluster's Secrets from `.env`, and the chart's values that name them."""

from typing import Any

from ops.cluster import RELEASE, Cluster

PASSWORDS = ("POSTGRES_OWNER_PASSWORD", "POSTGRES_SERVICE_PASSWORD", "POSTGRES_AUTH_PASSWORD")
URLS = ("DATABASE_URL", "MIGRATE_DATABASE_URL")


def apply(cluster: Cluster, env: dict[str, str]) -> dict[str, Any]:
    """Make the Secrets that ``env`` asks for and return the values of the chart that use them."""
    external = bool(env.get("DATABASE_URL"))
    wanted = {
        "signing": ("BETTER_AUTH_SECRET",),
        "database": URLS if external else PASSWORDS,
        "model": ("OPENAI_API_KEY",),
    }
    existing: dict[str, str] = {}
    for name, keys in wanted.items():
        data = {key: env[key] for key in keys if env.get(key)}
        if data:
            existing[name] = f"{RELEASE}-env-{name}"
            cluster.apply(_secret(existing[name], data))
    values: dict[str, Any] = {"existingSecrets": existing, "model": model(env)}
    if external:
        values["database"] = {"mode": "external"}
    return values


def _secret(name: str, data: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


def model(env: dict[str, str]) -> dict[str, str]:
    """Return the chart's values of the model, by the same rule as MODEL_PROVIDER=auto."""
    provider = env.get("MODEL_PROVIDER", "auto")
    if provider == "auto":
        keyed = "openai" if env.get("OPENAI_API_KEY") else "offline"
        provider = "compatible" if env.get("OPENAI_BASE_URL") else keyed
    found = {"provider": provider, "baseUrl": env.get("OPENAI_BASE_URL", "")}
    return found | ({"name": env["MODEL"]} if env.get("MODEL") else {})
