"""What is not believed: answers that nobody asked for, tokens that lie, providers that are none."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from baton.core.accounts import provider_calls
from baton.core.accounts.provider_calls import ProviderSession
from baton.core.models import Identity
from tests.oidc import Provider, another_key, key, signed
from tests.receivers import Receiver, certificate, receiving
from tests.rooms.core.entrance import actions, ann, is_inside, signed_in
from tests.rooms.core.organisation_accounts.steps import (
    BUTTON,
    CALLBACK,
    come_back,
    last_failure,
    refused,
    setting,
    to_provider,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# What cannot be trusted


def later(seconds: int) -> Any:
    return lambda claims: {**claims, "exp": int(time.time()) + seconds, "iat": int(time.time()) + seconds - 300}


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none")  # type: ignore[arg-type]


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """Signed by anybody who knows the public key, where a verifier takes it for a shared secret."""
    public = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [b64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "k1"}, claims)]
    return ".".join([*parts, b64(hmac.digest(public, ".".join(parts).encode(), "sha256"))])


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_somebody_else(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, another_key(), algorithm="RS256", headers={"kid": "k1"})


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"change": lambda c: {**c, "aud": "another-application"}}, "meant for another application"),
        ({"change": lambda c: {**c, "azp": "another-application"}}, "meant for another application"),
        ({"change": lambda c: {**c, "iss": "https://evil.example"}}, "comes from another provider"),
        ({"change": later(-120)}, "it is too old"),
        ({"change": later(3600)}, "the clocks differ"),
        ({"change": lambda c: {**c, "nonce": "x"}}, "belongs to another sign-in"),
        (
            {"change": lambda c: {name: said for name, said in c.items() if name != "nonce"}},
            "belongs to another sign-in",
        ),
        ({"change": lambda c: {name: said for name, said in c.items() if name != "exp"}}, "is missing"),
        ({"change": lambda c: {**c, "sub": "x" * 256}}, "cannot be read"),
        ({"sign": unsigned}, "not signed as it must be"),
        ({"sign": with_public_key_as_secret}, "not signed as it must be"),
        ({"sign": by_somebody_else}, "its signature is not the provider’s"),
        ({"sign": lambda c: signed(c)[:-8] + "AAAAAAAA"}, "its signature is not the provider’s"),
        ({"sign": lambda c: "not a token"}, "cannot be read"),
    ],
)
def test_token_that_cannot_be_trusted(provider: Provider, lie: dict[str, Any], said: str) -> None:
    ann()
    for name, how in lie.items():
        setattr(provider, name, how)
    browser = Client()
    refused(come_back(browser, provider), 400, "cannot be trusted", said)
    assert not is_inside(browser)
    assert not Identity.objects.exists()
    assert last_failure()["detail"] == {"provider": "company", "why": "token"}


def test_clock_that_is_a_little_ahead_is_no_reason(provider: Provider) -> None:
    ann()
    provider.change = later(330)
    assert come_back(Client(), provider).status_code == 302


def test_userinfo_of_another_account_is_refused(provider: Provider) -> None:
    ann()
    del provider.account["email"]
    provider.more = {"sub": "a-2", "email": "ann@example.org", "email_verified": True}
    refused(come_back(Client(), provider), 400, "speaks of another account")


def test_tampered_state_and_answers_that_nobody_asked_for(provider: Provider) -> None:
    ann()
    browser = Client()
    back = urlsplit(provider.sign_in(to_provider(browser)))
    code = parse_qs(back.query)["code"][0]
    for query in (f"code={code}&state=tampered", f"code={code}", "", "error=access_denied&state=x"):
        refused(browser.get(f"{CALLBACK}?{query}"), 400, "belongs to none that was begun in this browser")
    stranger = Client()
    refused(stranger.get(f"{CALLBACK}?{back.query}"), 400, "belongs to none")
    assert "/token" not in provider.asked
    assert "person.sign_in_failed" not in actions(), "anybody can send such answers"
    assert browser.get(f"{CALLBACK}?{back.query}").status_code == 302, "the true answer still counts"


def test_answer_and_code_count_once(provider: Provider) -> None:
    ann()
    browser = Client()
    back = urlsplit(provider.sign_in(to_provider(browser)))
    browser.get(f"{CALLBACK}?{back.query}")
    refused(browser.get(f"{CALLBACK}?{back.query}"), 400, "too late or twice")
    other = Client()
    state = parse_qs(urlsplit(to_provider(other)).query)["state"][0]
    used = parse_qs(back.query)["code"][0]
    refused(other.get(f"{CALLBACK}?code={used}&state={state}"), 400, "did not complete")
    assert last_failure()["detail"]["why"] == "refused"


def test_code_of_another_browser_is_worthless(provider: Provider) -> None:
    """PKCE: a stolen code does not fit the verifier of whoever brings it."""
    ann()
    victim, thief = Client(), Client()
    stolen = parse_qs(urlsplit(provider.sign_in(to_provider(victim))).query)["code"][0]
    state = parse_qs(urlsplit(to_provider(thief)).query)["state"][0]
    refused(thief.get(f"{CALLBACK}?code={stolen}&state={state}"), 400, "did not complete")


def test_issuer_named_in_the_answer_must_be_the_providers(provider: Provider) -> None:
    ann()
    browser = Client()
    back = urlsplit(provider.sign_in(to_provider(browser)))
    refused(browser.get(f"{CALLBACK}?{back.query}&iss=https%3A%2F%2Fevil.example"), 400, "comes from another provider")


def test_broken_off_at_the_provider(provider: Provider) -> None:
    browser = Client()
    state = parse_qs(urlsplit(to_provider(browser)).query)["state"][0]
    refused(browser.get(f"{CALLBACK}?error=access_denied&state={state}"), 400, "broke the sign-in off")


# A provider that does not answer as it should


def test_provider_that_is_down_says_so_and_passwords_still_work(provider: Provider, settings: Any) -> None:
    ann()
    setting(settings, issuer="http://127.0.0.1:9")
    refused(Client().post(BUTTON), 503, "It does not answer at the moment")
    assert last_failure()["detail"]["why"] == "down"
    assert is_inside(signed_in())


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_configuration_that_is_not_the_providers(provider: Provider, configuration: dict[str, Any]) -> None:
    provider.configuration = configuration
    refused(Client().post(BUTTON), 503, "its settings in Baton are not right")


def test_loopback_and_plain_http_only_where_the_setting_for_tests_says_so(provider: Provider, settings: Any) -> None:
    settings.OIDC_LOOPBACK = False
    refused(Client().post(BUTTON), 503)
    setting(settings, issuer=f"https://127.0.0.1:{provider.port}")
    refused(Client().post(BUTTON), 503)
    assert provider.asked == []


def test_connection_inside_is_closed_before_anything_is_said(settings: Any) -> None:
    """A name that leads inside, whatever it looked like before: nothing reaches the listener."""
    with socket.create_server(("127.0.0.1", 0)) as inside:
        address = f"https://localhost:{inside.getsockname()[1]}/"
        with ProviderSession() as session, pytest.raises(requests.ConnectionError):
            session.get(address)
        inside.settimeout(1)
        connection, _peer = inside.accept()
        assert connection.recv(1) == b""
        connection.close()


@pytest.mark.parametrize("is_trusted", [True, False])
def test_certificate_of_the_organisations_own_authority(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_trusted: bool
) -> None:
    settings.OIDC_LOOPBACK = True
    context, authority = certificate(tmp_path, "127.0.0.1")
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    provider_calls._trusted.cache_clear()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    with receiving(Receiver(answers=[answer], context=context)) as there, ProviderSession() as session:
        address = f"https://127.0.0.1:{there.port}/"
        if is_trusted:
            assert session.get(address).json() == {}
        else:
            with pytest.raises(requests.exceptions.SSLError):
                session.get(address)
            assert there.requests == []
    provider_calls._trusted.cache_clear()
