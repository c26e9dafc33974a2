"""What the address of a list asks for, as its query takes it."""

from __future__ import annotations

from collections.abc import Mapping

from baton.chain import queries
from baton.chain.queries.gaps import GapFilters
from baton.chain.rules import State


def asked_parties(asked: Mapping[str, str]) -> queries.PartyFilters:
    return queries.PartyFilters(
        search=asked.get("q", ""),
        kind=asked.get("kind", ""),
        partner=asked.get("partner", ""),
        ended="ended" in asked,
        order=asked.get("order", "name"),
    )


def asked_links(asked: Mapping[str, str]) -> queries.LinkFilters:
    return queries.LinkFilters(
        search=asked.get("q", ""),
        party=asked.get("party", ""),
        output_kind=asked.get("kind", ""),
        source=asked.get("source", ""),
        state=asked.get("state", State.LIVE),
        health=asked.get("health", ""),
        criticality=asked.get("criticality", ""),
        stage=asked.get("stage", ""),
        need=asked.get("need", ""),
        project=asked.get("project", ""),
        output=asked.get("output", ""),
        order=asked.get("order", "supplier"),
    )


def asked_outputs(asked: Mapping[str, str]) -> queries.OutputFilters:
    return queries.OutputFilters(
        search=asked.get("q", ""),
        output_kind=asked.get("kind", ""),
        state=asked.get("state", State.LIVE),
        without_owner="no_owner" in asked,
        orphan="orphan" in asked,
        order=asked.get("order", "name"),
    )


def asked_gaps(asked: Mapping[str, str]) -> GapFilters:
    return GapFilters(show=asked.get("show", "open"), detector=asked.get("detector", ""))
