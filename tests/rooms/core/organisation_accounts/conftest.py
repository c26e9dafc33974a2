"""A provider that is set up as ``company``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from baton.core.accounts.providers import IdentityProvider
from tests.oidc import CLIENT, SECRET, Provider, providing


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    """A provider that tells the truth about Ann, set up as ``company``."""
    fresh = Provider(port=running.port)
    for part in dataclasses.fields(fresh):
        setattr(running, part.name, getattr(fresh, part.name))
    running.account = {"sub": "a-1", "email": "Ann@example.org", "email_verified": True, "name": "Ann Lee"}
    settings.OIDC_LOOPBACK = True
    settings.IDENTITY_PROVIDERS = (
        IdentityProvider(
            id="company", names={"en": "Example account", "zh-hans": "统一身份认证"}, issuer=running.issuer,
            client_id=CLIENT, client_secret=SECRET,
        ),
    )  # fmt: skip
    return running
