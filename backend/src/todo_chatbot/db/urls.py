"""Connection URLs: what libpq and SQLAlchemy want to read."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}


def libpq_url(url: str) -> str:
    """Return ``url`` for psycopg, with TLS required unless the server is on this machine.

    Parameters such as ``sslmode`` and ``channel_binding`` pass through and win.
    """
    parts = urlsplit(url.strip())
    query = dict(parse_qsl(parts.query))
    host = parts.hostname or query.get("host", "")
    if host not in _LOOPBACK and not host.startswith("/") and _is_public(host):
        query.setdefault("sslmode", "require")
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(query), ""))


def sqlalchemy_url(url: str) -> str:
    """Return ``url`` for SQLAlchemy's psycopg dialect."""
    return libpq_url(url).replace("postgresql://", "postgresql+psycopg://", 1)


def direct_url(url: str) -> str:
    """Return Neon's direct host for its pooled one; every other URL unchanged.

    Migrations hold locks that a transaction pooler would lose.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    netloc = parts.netloc.replace(host, host.replace("-pooler.", ".", 1))
    return urlunsplit(parts._replace(netloc=netloc))


def _is_public(host: str) -> bool:
    """Inside a cluster or a compose network names have no dots, and servers no certificates."""
    return "." in host and not host.endswith((".local", ".internal", ".svc"))
