"""Tokens of an issuer that is a real HTTP server on loopback, signed with keys that are made here."""

import asyncio
import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from creditscore_serving.access import issuer as issuer_module

SCORE = "/v1/customers/C0000042/score"
DESCRIPTION = "/realms/credit/.well-known/openid-configuration"
ISSUER, AUDIENCE = "https://login.example.com/", "creditscore"


def rsa_key(kid):
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    public = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": "RS256"}
    return private, public


def ec_key(kid):
    private = ec.generate_private_key(ec.SECP256R1())
    return private, ECAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": kid}


@pytest.fixture(scope="module")
def first():
    return rsa_key("first")


@pytest.fixture(scope="module")
def second():
    return ec_key("second")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        told = self.server.description if self.path.endswith(DESCRIPTION) else {"keys": self.server.keys}
        body = json.dumps(told).encode()
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", f"{len(body)}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def issuer(first):
    """Serve the issuer's keys."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.keys, server.status, server.asked, server.description = [first[1]], 200, 0, {}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


SETTINGS = """\
tokens:
  issuer: https://login.example.com/
  audience: creditscore
  jwks: {jwks}
  scopes_claim: realm_access.roles
  scopes:
    reader: ["scores:read"]
    root: [admin]
  units_claims: {{region: regions}}
  leeway_seconds: 0
"""


@pytest.fixture
def client(place, issuer, serve):
    place.access_settings.write_text(SETTINGS.format(jwks=f"http://127.0.0.1:{issuer.server_address[1]}/keys"))
    return serve()


def token(key, *, kid="first", algorithm="RS256", headers=None, **changed):
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "exp": time.time() + 60,
        "realm_access": {"roles": ["reader", "cook"]},
        "regions": ["East"],
    } | changed
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid} | (headers or {}))


def test_a_token_of_the_issuer_names_its_caller_scopes_and_units(client, first, runner):
    text = token(first[0])
    answer = client.get(SCORE, key=text)
    assert (answer.status, answer.content["caller"]) == (200, "ada")
    caller = runner.run(client.guard.tokens.caller(text))
    assert caller.scopes == {"scores:read"}
    assert caller.units.as_texts() == ["region=East"]
    assert caller.key_id is None
    assert client.post("/v1/rows", {"customer_ids": []}, key=text).status == 403
    assert (
        client.post("/v1/rows", {"customer_ids": []}, key=token(first[0], realm_access={"roles": ["root"]})).status
        == 200
    )


def test_a_token_without_the_claim_of_units_sees_no_customer(client, first, runner):
    caller = runner.run(client.guard.tokens.caller(token(first[0], regions=None)))
    assert not caller.units.hold({"region": "East"})


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example.com/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": 9_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"kid": "stranger"},
        {"headers": {"crit": ["b64"], "b64": False}},
    ],
)
def test_a_token_that_is_another_issuers_for_others_too_old_or_too_early_is_refused(client, first, changed):
    refused = client.get(SCORE, key=token(first[0], **changed))
    assert refused.status == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_token_that_another_key_signed_is_refused(client):
    stranger = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    assert client.get(SCORE, key=token(stranger)).status == 401


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS384", "ES256"])
def test_a_header_that_names_another_algorithm_is_refused(client, first, algorithm):
    head, body, signature = token(first[0]).split(".")
    head = encoded({"alg": algorithm, "kid": "first", "typ": "JWT"})
    for end in (signature, ""):
        assert client.get(SCORE, key=f"{head}.{body}.{end}").status == 401


def test_the_public_key_is_no_shared_secret(client, first):
    """An attacker who signs with the issuer's public key as if it were a secret comes to nothing."""
    import hashlib  # noqa: PLC0415 - this test alone
    import hmac  # noqa: PLC0415 - as above

    body = token(first[0]).split(".")[1]
    signed = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{body}"
    mac = hmac.new(json.dumps(first[1]).encode(), signed.encode(), hashlib.sha256).digest()
    text = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert client.get(SCORE, key=text).status == 401


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "a" * 100_000, "é.é.é", "eyJhbGciOiJSUzI1NiJ9.e30."])
def test_what_is_no_token_is_refused(client, text):
    assert client.get(SCORE, headers={"authorization": f"Bearer {text}"}).status == 401


def test_a_symmetric_key_that_the_issuer_publishes_verifies_nothing(client, issuer):
    secret = b"s" * 32
    key = base64.urlsafe_b64encode(secret).decode()
    issuer.keys.append({"kty": "oct", "kid": "shared", "k": key, "alg": "HS256"})
    assert client.get(SCORE, key=token(secret, kid="shared", algorithm="HS256")).status == 401


def test_a_new_key_of_the_issuer_is_taken_up_and_an_old_one_put_away(client, issuer, first, second, monkeypatch):
    assert client.get(SCORE, key=token(first[0])).status == 200
    issuer.keys = [second[1]]
    fresh = token(second[0], kid="second", algorithm="ES256")
    assert client.get(SCORE, key=fresh).status == 401  # the keys were read a moment ago
    monkeypatch.setattr(issuer_module, "PATIENCE_SECONDS", 0.0)
    assert client.get(SCORE, key=fresh).status == 200
    assert client.get(SCORE, key=token(first[0], sub="eve")).status == 401


def test_a_key_that_the_issuer_withdrew_is_put_away_in_the_background(
    client, issuer, first, second, monkeypatch, runner
):
    assert client.get(SCORE, key=token(first[0])).status == 200
    issuer.keys = [second[1]]
    monkeypatch.setattr(issuer_module, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(issuer_module, "RENEWED_SECONDS", 0.0)
    assert client.get(SCORE, key=token(first[0], sub="bob")).status == 200
    until = time.monotonic() + 10
    while client.get(SCORE, key=token(first[0], sub=f"{time.monotonic()}")).status != 401:
        assert time.monotonic() < until
        runner.run(asyncio.sleep(0.01))


def test_made_up_key_names_do_not_turn_this_server_against_the_issuer(client, issuer, first):
    for number in range(50):
        assert client.get(SCORE, key=token(first[0], kid=f"made-up-{number}")).status == 401
    assert issuer.asked == 1


def test_a_token_is_verified_once_and_its_end_is_kept(client, first, monkeypatch):
    verified = []
    verify = client.guard.tokens._verify  # noqa: SLF001 - counts the signatures that are checked
    monkeypatch.setattr(client.guard.tokens, "_verify", lambda *given: verified.append(1) or verify(*given))
    now = time.time()
    text = token(first[0], exp=now + 5)
    assert [client.get(SCORE, key=text).status for _ in range(3)] == [200] * 3
    assert len(verified) == 1
    monkeypatch.setattr(client.guard.tokens, "clock", lambda: now + 6)
    client.get(SCORE, key=text)
    assert len(verified) == 2


def test_a_clock_that_is_set_back_keeps_no_verified_token(client, first, monkeypatch):
    verified = []
    tokens = client.guard.tokens
    verify = tokens._verify  # noqa: SLF001 - counts the signatures that are checked
    monkeypatch.setattr(tokens, "_verify", lambda *given: verified.append(1) or verify(*given))
    now, steady = time.time(), time.monotonic()
    text = token(first[0], exp=now + 1000)
    assert client.get(SCORE, key=text).status == 200
    monkeypatch.setattr(tokens, "clock", lambda: now - 86_400)
    assert client.get(SCORE, key=text).status == 200
    assert len(verified) == 1
    monkeypatch.setattr(tokens, "steady", lambda: steady + 61)
    client.get(SCORE, key=text)
    assert len(verified) == 2


@pytest.fixture
def described(place, issuer, serve):
    """Return a client of a server that knows no more of an issuer than its name; tests say how it describes itself."""
    address = f"http://127.0.0.1:{issuer.server_address[1]}"
    name = f"{address}/realms/credit"
    issuer.description = {"issuer": name, "jwks_uri": f"{address}/keys"}
    settings = SETTINGS.replace("  jwks: {jwks}\n", "").format().replace(ISSUER, name)
    place.access_settings.write_text(settings)
    return serve()


def test_an_issuer_describes_where_its_keys_are(described, issuer, first):
    name = issuer.description["issuer"]
    assert described.get(SCORE, key=token(first[0], iss=name)).content["caller"] == "ada"
    assert described.get(SCORE, key=token(first[0], iss=name + "/")).status == 401
    assert issuer.asked == 2


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://login.example.org/"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": "http://login.example.org/keys"},
        {"jwks_uri": "/etc/keys.json"},
    ],
)
def test_a_description_that_is_anothers_or_leads_astray_is_not_believed(described, issuer, first, told):
    name = issuer.description["issuer"]
    issuer.description |= told
    assert described.get(SCORE, key=token(first[0], iss=name)).status == 503
    assert issuer.asked == 1


@pytest.mark.parametrize("status", [500, 302])
def test_while_the_issuer_does_not_answer_tokens_wait_and_keys_do_not(client, issuer, first, key_of, status):
    issuer.status = status
    refused = client.get(SCORE, key=token(first[0]))
    assert (refused.status, refused.headers["retry-after"]) == (503, "30")
    key = key_of("scores:read")
    client.guard.ring.refresh()
    assert client.get(SCORE, key=key).content["caller"] == "erp"


def test_the_keys_of_an_issuer_that_is_away_are_believed_for_a_day(client, issuer, first, monkeypatch):
    assert client.get(SCORE, key=token(first[0])).status == 200
    issuer.status = 500
    now = time.monotonic()
    monkeypatch.setattr(client.guard.tokens.keys, "clock", lambda: now + 80_000)
    assert client.get(SCORE, key=token(first[0], sub="bob")).status == 200
    monkeypatch.setattr(client.guard.tokens.keys, "clock", lambda: now + 90_000)
    assert client.get(SCORE, key=token(first[0], sub="eve")).status == 503


def test_keys_may_lie_in_a_file_and_a_token_need_not_name_the_only_one(place, tmp_path, serve, first):
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [first[1]]}))
    place.access_settings.write_text(SETTINGS.format(jwks=tmp_path / "keys.json"))
    client = serve()
    claims = jwt.decode(token(first[0]), options={"verify_signature": False})
    assert client.get(SCORE, key=jwt.encode(claims, first[0], algorithm="RS256")).status == 200


def test_a_token_guards_the_server_as_a_key_does(client):
    assert not client.guard.is_open
    assert client.get(SCORE).status == 401


def test_tokens_are_held_to_a_rate(place, issuer, serve, first):
    settings = SETTINGS.format(jwks=f"http://127.0.0.1:{issuer.server_address[1]}/keys") + "  rate: 2/min\n"
    place.access_settings.write_text(settings)
    client = serve()
    assert [client.get(SCORE, key=token(first[0])).status for _ in range(2)] == [200, 429]
    assert client.get(SCORE, key=token(first[0], sub="bob")).status == 200
