"""A fact store of the test's own, and facts whose every row the test knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from baton.core import registries
    from baton.core.registries import Policy
    from tests.rooms.monitoring.bench import Bench
    from tests.world import World


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


@pytest.fixture
def link(bench: Bench, world: World, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A kind of object that is measured as a>b, and that only Wang Fang and the quality manager may see."""
    from baton.core import registries
    from baton.core.registries import Policy

    seers = {world.wang_fang.public_id, world.lin_mei.public_id}
    registry: registries.Registry[Policy] = registries.Registry("policy")
    registry.add(
        "bench_link",
        Policy(
            may_see=lambda actor, public_id: public_id in {"one", "two"} and actor.id in seers,
            address=lambda public_id: f"/bench/{public_id}/",
            measured_as=lambda public_id: {"one": "a>b"}.get(public_id, ""),
        ),
    )
    monkeypatch.setattr(registries, "policies", registry)
    return bench
