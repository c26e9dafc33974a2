"""A small OpenID Connect provider on loopback, with a signing key of its own, that can be told to lie.

    with providing() as provider:
        provider.account = {"sub": "a-1", "email": "ann@example.org", "email_verified": True}
        back = provider.sign_in(address_of_the_authorization_request)

It checks what a provider checks: client, secret, redirect address, PKCE; a code is good once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "baton"
SECRET = "a secret that the provider gave Baton"

Claims = dict[str, Any]


@cache
def key() -> rsa.RSAPrivateKey:
    """The provider's key; made once a session."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def another_key() -> rsa.RSAPrivateKey:
    """A key that is not the provider's."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(claims: Claims) -> str:
    """A token as the provider signs it."""
    return jwt.encode(claims, key(), algorithm="RS256", headers={"kid": "k1"})


@dataclass
class Provider:
    """What it says about whoever signs in (``account``), when it is asked for more (``more``), and how it lies."""

    port: int = 0
    account: Claims = field(default_factory=lambda: {"sub": "a-1"})
    more: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] = signed
    configuration: Claims = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sign_in(self, address: str) -> str:
        """What a browser does at the provider: the address to which it is sent back."""
        opener = urllib.request.build_opener(_Stay)
        return str(opener.open(address, timeout=60).headers["Location"])

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str], bearer: str) -> Any:
        """Status and body, or the address of a redirect."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return self._configuration()
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key().public_key()))
            return 200, {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}
        if path == "/authorize":
            return self._authorize(query)
        if path == "/token" and method == "POST":
            return self._token(form)
        if path == "/userinfo":
            known = bearer in self.codes
            return (200, {"sub": self.account["sub"], **self.more}) if known else (401, {})
        return (200, {}) if path in {"/logout", "/favicon.ico"} else (404, {})

    def _configuration(self) -> Any:
        paths = {
            "authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys",
            "userinfo_endpoint": "/userinfo", "end_session_endpoint": "/logout",
        }  # fmt: skip
        said = {name: self.issuer + path for name, path in paths.items()}
        return 200, {"issuer": self.issuer, **said, **self.configuration}

    def _authorize(self, query: dict[str, str]) -> Any:
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_hex(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _token(self, form: dict[str, str]) -> Any:
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if challenge.decode().rstrip("=") != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"], **self.account
        }  # fmt: skip
        access = secrets.token_hex(8)
        self.codes[access] = {}
        token = self.sign(self.change(claims))
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token}


class _Stay(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers on a free port of 127.0.0.1 while the block runs."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer("POST", {name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, method: str, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            found = provider.answer(method, parts.path, dict(parse_qsl(parts.query)), form, bearer)
            if isinstance(found, str):
                self.send_response(302)
                self.send_header("Location", found)
                self.end_headers()
                return
            status, body = found
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_port
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        serving.join(5)
