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

from baton.core.registries import Retention

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


def test_every_personal_field_says_what_it_is_kept_for(reference: ModuleType) -> None:
    tables = reference.our_models()
    assert sum(len(getattr(table, "personal", ())) for table in tables) >= 8
    assert reference.without_purpose(tables) == []


def test_planted_personal_fields_are_noticed(reference: ModuleType) -> None:
    with isolate_apps("django.contrib.humanize"):

        class Planted(models.Model):
            personal: ClassVar[dict[str, Retention]] = {
                "name": Retention(1, "Knowing who it is."), "phone": Retention(1, ""), "photo": Retention(0, "Looks."),
            }  # fmt: skip

            name = models.CharField(max_length=10)
            phone = models.CharField(max_length=10)

            class Meta:
                app_label = "humanize"

        class Bare(models.Model):
            personal: ClassVar[frozenset[str]] = frozenset({"name"})

            name = models.CharField(max_length=10)

            class Meta:
                app_label = "humanize"

        assert reference.without_purpose([Planted, Bare]) == [
            "humanize.Planted.phone is personal without purpose and years: see Record.personal",
            "humanize.Planted.photo is personal without purpose and years: see Record.personal",
            "humanize.Planted.photo is declared personal and is no column",
            "humanize.Bare.name is personal without purpose and years: see Record.personal",
        ]


def test_mark_up_of_docstrings_becomes_markdown(reference: ModuleType) -> None:
    assert reference.cell("See :class:`baton.chain.rules.PartyKind`\n  or ``a|b``.") == "See `PartyKind` or `a\\|b`."


def test_everything_public_of_the_analysis_is_described(reference: ModuleType) -> None:
    assert reference.analysis().undocumented() == []
    assert len(reference.analysis().modules()) > 100


def test_what_is_not_described_is_noticed(reference: ModuleType) -> None:
    class Planted:
        """``width`` is described here."""

        @property
        def width(self) -> int:
            return 1

        def height(self) -> int:
            return 2

    analysis = reference.analysis()
    parts = {name: analysis.told(Planted, name, function) for name, function, _ in analysis.methods(Planted)}
    assert parts == {"width": True, "height": False}


def test_a_docstring_becomes_markdown(reference: ModuleType) -> None:
    text = """One thing of :class:`a.b.Other`.

    Parameters
    ----------
    wide, high
        In ``mm``,
        both.

    Raises
    ------
    Wrong
        Never.
    """
    assert reference.analysis().markdown(text) == (
        "One thing of `Other`.\n\n**Parameters**\n\n- `wide, high`: In `mm`, both.\n\n**Raises**\n\n- `Wrong`: Never."
    )
