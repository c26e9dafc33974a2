"""A fact store of the test's own, and facts whose every row the test knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.rooms.monitoring.bench import Bench


@pytest.fixture
def bench(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The one fact builder that is registered."""
    from baton.core import registries
    from tests.rooms.monitoring.bench import Bench

    settings.DATA_DIR = tmp_path / "data"
    sources = tmp_path / "sources"
    sources.mkdir()
    monkeypatch.setattr(registries, "fact_builders", registries.Registry("fact builder"))
    made = Bench(sources)
    made.register()
    return made
