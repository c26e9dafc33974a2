"""Every test begins with nobody having called yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from baton.core.api import limits


@pytest.fixture(autouse=True)
def nobody_has_called() -> Iterator[None]:
    limits.calls.clear()
    limits.wrong_tokens.clear()
    yield
    limits.calls.clear()
    limits.wrong_tokens.clear()
