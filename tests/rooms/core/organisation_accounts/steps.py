"""What the tests of the organisation's accounts share: the way to the provider and back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from baton.core.models import AuditEntry
from tests.oidc import Provider

BUTTON = "/accounts/oidc/company/"
CALLBACK = "/accounts/oidc/company/callback/"


def setting(settings: Any, **changed: Any) -> None:
    """The provider with other settings."""
    settings.IDENTITY_PROVIDERS = (dataclasses.replace(settings.IDENTITY_PROVIDERS[0], **changed),)


def to_provider(browser: Client, **sent: str) -> str:
    """The address of the provider to which the button leads."""
    answer = browser.post(BUTTON, sent)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer["Refresh"].removeprefix("0; url="))


def come_back(browser: Client, provider: Provider, **sent: str) -> Any:
    """Sign in at the provider and come back to Baton: what Baton answers."""
    back = urlsplit(provider.sign_in(to_provider(browser, **sent)))
    assert back.netloc == "127.0.0.1:8000", "the address comes from BATON_BASE_URL"
    return browser.get(f"{back.path}?{back.query}")


def refused(answer: Any, status: int, *said: str) -> None:
    text = answer.content.decode()
    assert answer.status_code == status, text
    assert all(part in text for part in said), text
    assert "To the sign-in page" in text


def last_failure() -> dict[str, Any]:
    entry = AuditEntry.objects.filter(action="person.sign_in_failed").order_by("seq").last()
    assert entry is not None
    found: dict[str, Any] = json.loads(entry.body)
    return found
