"""Who is let in: every way of not being signed in, and of being somebody else."""

import base64
import hmac
import json
import time
from typing import Any

import httpx2
import jwt
import pytest
from agents.testing import assistant_message
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from support import AUDIENCE, ISSUER, SECRET, TOOLS_AUDIENCE, System, bearer, token_for

from todo_chatbot.errors import NotSignedIn
from todo_chatbot.identity import TokenMinter, TokenVerifier

NOW = int(time.time())
LONGEST = 3600
"""Seconds that a token may be valid for; all tests end before."""
CLAIMS: dict[str, Any] = {
    "sub": "ada", "iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "exp": NOW + LONGEST, "jti": "1",
}  # fmt: skip
HEADER: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}


def _part(value: object) -> str:
    raw = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()


def _signed(
    claims: object, header: object = HEADER, key: str = SECRET, digest: str = "sha256"
) -> str:
    """Sign anything: libraries refuse to make most of the tokens below."""
    signed = f"{_part(header)}.{_part(claims)}"
    signature = hmac.new(key.encode(), signed.encode(), digest).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _with(**claims: object) -> str:
    return _signed(CLAIMS | claims)


def _without(name: str) -> str:
    return _signed({key: value for key, value in CLAIMS.items() if key != name})


def _headed(**header: object) -> str:
    return _signed(CLAIMS, HEADER | header)


GOOD = _signed(CLAIMS)
HEAD, BODY, SIGNATURE = GOOD.split(".")
ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)

# What Better Auth signs with the same secret for other purposes.
EMAIL_VERIFICATION = {"email": "ada@example.com", "iat": NOW, "exp": NOW + LONGEST}
CACHED_SESSION = {"session": {"userId": "ada"}, "user": {"id": "ada"}, "iat": NOW, "exp": NOW + 300}

REFUSED = {
    "empty": "",
    "garbage": "not-a-token",
    "a session token": "A1b2" * 8 + ".c2lnbmF0dXJl",
    "one part": HEAD,
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{GOOD}.x",
    "empty parts": "..",
    "no signature": f"{HEAD}.{BODY}.",
    "signature cut": GOOD[:-4],
    "signature flipped": GOOD[:-10] + ("A" if GOOD[-10] != "A" else "B") + GOOD[-9:],
    "signature of another": f"{HEAD}.{BODY}.{_with(sub='grace').split('.')[2]}",
    "claims exchanged": f"{HEAD}.{_part(CLAIMS | {'sub': 'grace'})}.{SIGNATURE}",
    "wrong key": _signed(CLAIMS, key="another secret, which is long enough"),
    "empty key": _signed(CLAIMS, key=""),
    "alg none": f"{_part(HEADER | {'alg': 'none'})}.{BODY}.",
    "alg none, signed": _headed(alg="none"),
    "alg None in capitals": f"{_part(HEADER | {'alg': 'NONE'})}.{BODY}.",
    "alg missing": _signed(CLAIMS, {"typ": "JWT"}),
    "alg in small letters": _headed(alg="hs256"),
    "alg a list": _headed(alg=["HS256"]),
    "alg null": _headed(alg=None),
    "HS384": _signed(CLAIMS, HEADER | {"alg": "HS384"}, digest="sha384"),
    "HS512": _signed(CLAIMS, HEADER | {"alg": "HS512"}, digest="sha512"),
    "RS256": jwt.encode(CLAIMS, RSA, "RS256"),
    "EdDSA": jwt.encode(CLAIMS, ED25519, "EdDSA"),
    "EdDSA with its key": jwt.encode(
        CLAIMS, ED25519, "EdDSA", headers={"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}}
    ),
    "EdDSA with an address of its key": jwt.encode(
        CLAIMS, ED25519, "EdDSA", headers={"jku": "https://example.com/jwks"}
    ),
    "kid a path, empty key": _signed(CLAIMS, HEADER | {"kid": "../../dev/null"}, key=""),
    "crit": _headed(crit=["exp"]),
    "crit empty": _headed(crit=[]),
    "b64 false": _headed(b64=False),
    "typ of a logout": _headed(typ="logout+jwt"),
    "typ of an access token of others": _headed(typ="at+jwt"),
    "typ a number": _headed(typ=1),
    "header not an object": _signed(CLAIMS, [1]),
    "header not JSON": _signed(CLAIMS, "x"),
    "claims not an object": _signed([1, 2]),
    "claims a string": _signed('"ada"'),
    "claims not JSON": _signed("x"),
    "claims nested deeply": _signed("[" * 1200 + "]" * 1200),
    "too long": _with(pad="x" * 5000),
    "expired": _with(iat=NOW - 2000, exp=NOW - 1000),
    "expired beyond the leeway": _with(iat=NOW - 900, exp=NOW - 15),
    "exp missing": _without("exp"),
    "exp a word": _with(exp="never"),
    "exp null": _with(exp=None),
    "exp true": _with(exp=True),
    "exp in ten years": _with(exp=NOW + 315_360_000),
    "exp without end": _with(exp=1e308),
    "exp infinite": _signed(json.dumps(CLAIMS | {"exp": float("inf")})),
    "exp not a number": _signed(json.dumps(CLAIMS | {"exp": float("nan")})),
    "exp a list": _with(exp=[NOW + 900]),
    "exp before iat": _with(iat=NOW, exp=NOW - 5),
    "iat missing": _without("iat"),
    "iat in the future": _with(iat=NOW + LONGEST - 60),
    "iat a word": _with(iat="now"),
    "iat true": _with(iat=True),
    "nbf in the future": _with(nbf=NOW + LONGEST - 60),
    "nbf a word": _with(nbf="soon"),
    "iss missing": _without("iss"),
    "iss of others": _with(iss="https://example.com"),
    "iss a list": _with(iss=[ISSUER]),
    "aud missing": _without("aud"),
    "aud of others": _with(aud="other"),
    "aud of the tools": _with(aud=TOOLS_AUDIENCE),
    "aud a list with others": _with(aud=[AUDIENCE, "other"]),
    "aud an empty list": _with(aud=[]),
    "sub missing": _without("sub"),
    "sub empty": _with(sub=""),
    "sub null": _with(sub=None),
    "sub a number": _with(sub=1),
    "sub an object": _with(sub={"$ne": ""}),
    "sub a path": _with(sub="../admin"),
    "sub with a quote": _with(sub="ada' or '1'='1"),
    "sub with a line end": _with(sub="ada\n"),
    "sub with NUL": _with(sub="ada\0"),
    "sub half a pair": _with(sub="\ud800"),
    "sub in full width letters": _with(sub="\uff41\uff44\uff41"),
    "sub too long": _with(sub="a" * 65),
    "sub twice, the last empty": _signed(json.dumps(CLAIMS)[:-1] + ', "sub": ""}'),
    "Better Auth's e-mail verification": _signed(EMAIL_VERIFICATION, {"alg": "HS256"}),
    "Better Auth's cached session": _signed(CACHED_SESSION, {"alg": "HS256"}),
    "blanks around": f" {GOOD} ",
    "a line end within": f"{HEAD}.\n{BODY}.{SIGNATURE}",
    "padded": f"{GOOD}=",
    "letters beyond ASCII": "é.é.é",
    "NUL": f"{GOOD}\0",
}

ACCEPTED = {
    "plain": GOOD,
    "without typ": _signed(CLAIMS, {"alg": "HS256"}),
    "with a key id": _headed(kid="1"),
    "expired within the leeway": _with(iat=NOW - 100, exp=int(time.time()) - 1),
}


def _verifier(audience: str = AUDIENCE) -> TokenVerifier:
    return TokenVerifier(SECRET, issuer=ISSUER, audience=audience)


@pytest.mark.requirement("002/FR-101")
@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_a_token_that_auth_did_not_sign_for_this_is_refused(token: str) -> None:
    with pytest.raises(NotSignedIn):
        _verifier().verify(token)


@pytest.mark.requirement("002/FR-101")
@pytest.mark.parametrize("name", [name for name in ACCEPTED if "leeway" not in name])
def test_a_token_that_auth_signed_names_its_user(name: str) -> None:
    assert _verifier().verify(ACCEPTED[name]).user_id == "ada"


@pytest.mark.requirement("002/FR-101")
def test_clocks_may_differ_by_seconds() -> None:
    token = _with(iat=int(time.time()) - 100, exp=int(time.time()) - 1)

    assert _verifier().verify(token).user_id == "ada"


@pytest.mark.requirement("002/FR-101", "001/FR-005")
@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
async def test_who_is_not_signed_in_gets_401_and_is_told_so(system: System, token: str) -> None:
    answer = await system.http.post(
        "/api/ada/chat",
        json={"message": "hi"},
        headers=[(b"authorization", b"Bearer " + token.encode())],
    )

    _assert_not_signed_in(answer)


@pytest.mark.requirement("002/FR-101")
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", f"Basic {GOOD}")],
        [("authorization", GOOD)],
        [("authorization", f"Bearer  {GOOD}")],
        [("authorization", f"Bearer {GOOD}"), ("authorization", f"Bearer {GOOD}")],
        [("authorization", f"Bearer {GOOD}, Bearer {GOOD}")],
        [("cookie", f"token={GOOD}; better-auth.session_token={GOOD}")],
        [("x-authorization", f"Bearer {GOOD}")],
    ],
    ids=[
        "no header", "empty", "no token", "another scheme", "no scheme", "two blanks",
        "two headers", "two in one", "cookies", "another header",
    ],
)  # fmt: skip
async def test_the_token_comes_in_one_bearer_header_or_not_at_all(
    system: System, headers: list[tuple[str, str]]
) -> None:
    answer = await system.http.post(
        f"/api/ada/chat?token={GOOD}&access_token={GOOD}", json={"message": "hi"}, headers=headers
    )

    _assert_not_signed_in(answer)


@pytest.mark.requirement("002/FR-101")
async def test_the_scheme_is_not_case_sensitive(system: System, ada: str) -> None:
    system.model.enqueue([assistant_message("Hello.")])

    answer = await system.http.post(
        f"/api/{ada}/chat",
        json={"message": "hi"},
        headers={"authorization": f"bEARER {token_for(ada)}"},
    )

    assert answer.status_code == 200


@pytest.mark.requirement("002/FR-101")
async def test_who_is_not_signed_in_learns_nothing_about_the_request(system: System) -> None:
    answer = await system.http.post("/api/ada/chat", content=b"{ malformed")

    _assert_not_signed_in(answer)


@pytest.mark.requirement("002/FR-102")
@pytest.mark.parametrize("path", ["grace", "ADA", "ada%20", "ada%00", "%61da%2f..%2fgrace"])
async def test_the_address_of_another_user_is_refused(system: System, path: str) -> None:
    answer = await system.http.post(
        f"/api/{path}/chat", json={"message": "hi"}, headers=bearer("ada")
    )

    # A slash in the user's place is an address that does not exist.
    assert answer.status_code == (404 if "%2f" in path else 403)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "grace" not in answer.text


@pytest.mark.requirement("002/FR-104")
def test_the_tools_get_a_token_of_their_own_that_opens_nothing_else() -> None:
    minter = TokenMinter(SECRET, issuer=ISSUER, audience=TOOLS_AUDIENCE, lifetime_seconds=300)

    token = minter.mint("ada")

    assert _verifier(TOOLS_AUDIENCE).verify(token).user_id == "ada"
    with pytest.raises(NotSignedIn):
        _verifier(AUDIENCE).verify(token)
    claims = jwt.decode(token, SECRET, ["HS256"], audience=TOOLS_AUDIENCE)
    assert set(claims) == {"sub", "iss", "aud", "iat", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 300


def _assert_not_signed_in(answer: httpx2.Response) -> None:
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 401
    assert problem["title"] == "Not signed in"
    assert set(problem) == {"type", "title", "status", "detail"}
