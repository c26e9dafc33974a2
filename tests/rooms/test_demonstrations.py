"""The demonstrations of the sectors: what is simulated is what the template has, and pages show what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from baton.chain import queries
from baton.core.actors import Actor
from baton.core.queries import default_calendar
from baton.handoffs.models import (
    Handoff,
    HandoffEvent,
    HandoffReturn,
    Judgement,
    LedgerEntry,
    LinkSettlement,
    MeasuredValue,
    SettlementClaim,
)
from baton.handoffs.pages.promises import promises_panel
from baton.starters.changes import load_demo
from baton.starters.changes.demo_in_force import IN_FORCE
from baton.starters.changes.demo_talk import SAID
from baton.starters.rules import LABORATORY, PEOPLE, sector_of
from baton.starters.sectors import sector
from baton_analysis.simulation import Organisation
from baton_analysis.simulation.factory import ORGANISATION as FACTORY
from baton_analysis.simulation.laboratory import ORGANISATION as LABORATORY_WORK

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
BY = Actor.system("test")


@pytest.mark.parametrize(("code", "simulated"), [("factory", FACTORY), ("laboratory", LABORATORY_WORK)])
def test_the_simulation_is_of_the_template(code: str, simulated: Organisation) -> None:
    template = sector(code)
    names = {party.code: dict(party.name) for party in template.parties if not party.deputy_of}
    assert {party.code: dict(party.name) for party in simulated.parties} == names
    outputs = {output.item: output.name["en"] for output in template.outputs}
    agreed = {(link.supplier, link.customer, outputs[link.output]) for link in template.links}
    assert {(*link.pair, link.output["en"]) for link in simulated.links} == agreed
    in_force = IN_FORCE[code]
    assert {one.link for one in in_force} <= agreed
    assert {who for one in in_force for who in one.signed_by} <= {person.sign_in_name for person in PEOPLE[code]}
    heads = {party for person in PEOPLE[code] for party in (*person.heads, *person.belongs)}
    assert heads <= set(names)
    assert {key for key, *_ in SAID[code]} <= agreed
    assert {who for _, who, *_ in SAID[code]} <= {person.sign_in_name for person in PEOPLE[code]}


def _of_agreed(number: int) -> str:
    """The public id of a link of the laboratory that has an agreement in force, by its place."""
    supplier, customer, output = IN_FORCE["laboratory"][number].link
    rows = queries.links_to_export(viewer=BY, at=AT, filters=queries.LinkFilters())
    return next(
        row.link.public_id
        for row in rows
        if row.link.output.name["en"] == output and sector("laboratory").party(supplier).name == row.link.supplier.name
    )


def _the_promises_stand_as_planted() -> None:
    """Specimens come later than promised, orders hardly in time, samples in time; moisture stays within its limits."""
    status = {}
    for number in range(len(IN_FORCE["laboratory"])):
        panel = promises_panel(BY, AT, _of_agreed(number))
        assert panel is not None
        for row in panel["rows"]:
            assert row.address, row.clause
            status[row.clause.characteristic["en"]] = row.status
    assert status["Specimens are at the bench"] == "broken"
    assert status["Order is at the bench"] == "at_risk"
    assert status["Sample is in preparation"] == "kept"
    assert status["Moisture of the specimen"] == "kept"


def _today_has_begun() -> None:
    """Some handoffs are owed, late, waiting, contested, due again; a few nobody confirmed in the agreed hours."""
    states = Counter(Handoff.objects.values_list("state", flat=True))
    assert min(states[state] for state in ("expected", "delivered", "accepted", "returned", "unconfirmed")) > 0
    assert Handoff.objects.filter(state="expected", due_at__lt=AT).exists()
    assert Handoff.objects.filter(form="standing", due_at__gt=AT).exists()
    returns = Counter(HandoffReturn.objects.values_list("state", flat=True))
    assert {"contested", "dismissed", "undecided", "settled"} <= set(returns)
    assert HandoffEvent.objects.filter(event="warn_late").count() > 3
    assert Judgement.objects.count() > 10
    assert MeasuredValue.objects.filter(clause__agreement_version__state="active").count() > 2_000


def _points_are_counted() -> None:
    """A day of trial: a claim accepted, one disputed, the rest with the arbiter; new terms hold, with an open claim."""
    assert Counter(LinkSettlement.objects.values_list("state", flat=True)) == {"ended": 1, "agreed": 1}
    claims = Counter(SettlementClaim.objects.values_list("state", flat=True))
    assert (claims["accepted"], claims["disputed"], claims["open"]) == (1, 1, 1)
    assert 1 <= claims["tripped"] <= 4
    kinds = Counter(LedgerEntry.objects.values_list("entry_kind", flat=True))
    assert kinds["claim"] == 1
    assert kinds["credit"] > 5
    early = LedgerEntry.objects.filter(recorded_at__lt=F("happened_at"))
    assert not early.exists(), "nothing is posted before it happened"


def test_each_demonstration_is_told_by_its_people() -> None:
    for code, people in PEOPLE.items():
        assert sector_of({person.sign_in_name for person in people} | {"somebody"}) == code
        others = [other for name, other in PEOPLE.items() if name != code]
        assert all(people[1].sign_in_name not in {one.sign_in_name for one in other} for other in others)
    assert sector_of({"quality", "admin"}) is None


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_laboratory_shows_what_was_planted(settings: Any) -> None:
    settings.DEMO = True
    loaded = load_demo(at=AT, sector="laboratory")
    assert (loaded.parties, loaded.links) == (17, 18)
    rows = queries.links_to_export(viewer=Actor.system("test"), at=AT, filters=queries.LinkFilters(health="signal"))
    office = default_calendar(viewer=Actor.system("test"))
    assert str(office) == "Office hours"
    signals = {(row.link.supplier.name["en"], row.link.customer.name["en"]) for row in rows}
    assert ("Sample preparation", "Test bench") in signals
    assert len(signals) < 9
    _the_promises_stand_as_planted()
    _today_has_begun()
    _points_are_counted()
    page = Client().get("/accounts/login/").content.decode()
    assert all(person.sign_in_name in page for person in LABORATORY)
