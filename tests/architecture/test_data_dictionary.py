"""Every column says what it means and in which unit; the pages of the guide that list them are in step."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from django.db import models
from django.test.utils import isolate_apps

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """scripts/reference.py as a module."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


def test_every_column_is_described(reference: ModuleType) -> None:
    tables = reference.our_models()
    assert len(tables) > 10
    assert reference.undescribed(tables) == []


def test_planted_columns_are_noticed(reference: ModuleType) -> None:
    with isolate_apps("django.contrib.humanize"):

        class Planted(models.Model):
            units: ClassVar[dict[str, str]] = {"length": "mm"}

            length = models.FloatField(help_text="Length of the part.")
            weight = models.FloatField(help_text="Weight of the part.")
            colour = models.CharField(max_length=10)

            class Meta:
                app_label = "humanize"

        assert reference.undescribed([Planted]) == [
            "humanize.Planted.weight has no unit: name it in Planted.units",
            "humanize.Planted.colour has no help_text",
        ]


def test_mark_up_of_docstrings_becomes_markdown(reference: ModuleType) -> None:
    assert reference.cell("See :class:`baton.chain.rules.PartyKind`\n  or ``a|b``.") == "See `PartyKind` or `a\\|b`."
