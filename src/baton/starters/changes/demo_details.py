"""What the demonstration says of its links beyond who hands what to whom: who answers for each output, what patients
need, how much hangs on a link, and a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import changes as chain
from baton.chain.rules import OutputKind, Responsible, Sourcing, Stage
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say

if TYPE_CHECKING:
    from baton.chain.models import Link, Output, Party

BY = Actor.system("demo")

# Nobody answers for these two, and two answer for the third: gaps that the page of gaps shows.
UNANSWERED = frozenset({"Hygiene advice", "Used linen"})
TWICE = {"Repaired devices": "logistics"}

NEEDS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "I want my medicine on time, and to be told what it is for.",
        "我希望按时用药，并知道为什么用。",
        (("ward_a", "patient", "Medication and care"), ("ward_b", "patient", "Medication and care")),
    ),
    (
        "I want to know today what the examination has shown.",
        "我希望当天就知道化验和影像的结果。",
        (("lab", "doctors", "Results"), ("imaging", "doctors", "Imaging reports")),
    ),
    ("I want to lie in a clean bed.", "我希望睡在干净的床上。", (("laundry", "ward_a", "Clean linen"),)),
)

# Supplier, customer, output; spend, irreplaceability, impact; single source; what happens when it cannot deliver.
GRADES: tuple[tuple[tuple[str, str, str], tuple[int, int, int], Sourcing | str, Texts], ...] = (
    (
        ("cssd", "ward_a", "Sterile sets"), (4, 4, 5), Sourcing.CHOSEN,
        {
            "en": "Two days of sets in the ward's store; the town hospital sterilises for us, by contract.",
            "zh-hans": "病区存有两天用量的器械包；按合同可由市医院代为消毒。",
        },
    ),
    (("laundry", "ward_a", "Clean linen"), (3, 3, 4), Sourcing.ACCIDENTAL, {}),
    (
        ("lab", "doctors", "Results"), (4, 5, 5), Sourcing.CHOSEN,
        {"en": "Urgent samples go to the university laboratory.", "zh-hans": "急检标本送大学实验室。"},
    ),
    (("pharmacy", "ward_a", "Doses"), (5, 4, 5), "", {}),
    (("infection_control", "ward_a", "Hygiene advice"), (1, 2, 4), "", {}),
    (("porters", "laundry", "Used linen"), (2, 1, 2), "", {}),
)  # fmt: skip

PROJECT_DAYS = 60, 45
"""The project began so many days ago and is planned to end in so many."""


def add_details(
    *, at: datetime, first: date, parties: Mapping[str, Party], links: Mapping[tuple[str, str, str], Link]
) -> None:
    """Say it all; ``links`` by codes of supplier and customer and the English name of the output."""
    _say_who_answers(at, first, parties, links)
    _write_needs(at, first, parties, links)
    for key, (spend, irreplaceability, impact), sourcing, plan in GRADES:
        chain.judge_link(
            by=BY, at=at, link=links[key], spend=spend, irreplaceability=irreplaceability, impact=impact,
            stage=Stage.BACK, sourcing=sourcing, continuity_plan=say(plan, settings.LANGUAGE_CODE),
        )  # fmt: skip
    for (_supplier, customer, _output), link in links.items():
        if customer == "patient":
            chain.judge_link(
                by=BY, at=at, link=link, spend=5, irreplaceability=5, impact=5, stage=Stage.FRONT
            )  # fmt: skip
    _begin_project(at, parties)


def _say_who_answers(
    at: datetime, first: date, parties: Mapping[str, Party], links: Mapping[tuple[str, str, str], Link]
) -> None:
    suppliers: dict[str, tuple[Output, list[str]]] = {}
    for (supplier, _customer, name), link in links.items():
        known = suppliers.setdefault(name, (link.output, []))[1]
        if supplier not in known:
            known.append(supplier)
    for name, (output, codes) in suppliers.items():
        inside = [code for code in codes if code != "patient"]
        for code in inside:
            _give(at, first, output, parties[code], Responsible.RESPONSIBLE)
        if name in UNANSWERED or not inside:
            continue
        # What both wards hand over is answered for above them.
        _give(at, first, output, parties[inside[0] if len(inside) == 1 else "nursing"], Responsible.ACCOUNTABLE)
        if name in TWICE:
            _give(at, first, output, parties[TWICE[name]], Responsible.ACCOUNTABLE)


def _give(at: datetime, first: date, output: Output, party: Party, responsible: Responsible) -> None:
    chain.give_responsibility(by=BY, at=at, output=output, party=party, responsible=responsible, began_on=first)


def _write_needs(
    at: datetime, first: date, parties: Mapping[str, Party], links: Mapping[tuple[str, str, str], Link]
) -> None:
    for english, chinese, served_by in NEEDS:
        need = chain.add_need(
            by=BY, at=at, holder=parties["patient"], words={"en": english, "zh-hans": chinese}, began_on=first
        )
        for key in served_by:
            link = links[key]
            chain.change_link(
                by=BY, at=at, link=link, output=link.output, output_kind=OutputKind(link.output.output_kind), need=need
            )


def _begin_project(at: datetime, parties: Mapping[str, Party]) -> None:
    ago, ahead = PROJECT_DAYS
    began = day_of(at) - timedelta(days=ago)
    project = chain.add_project(
        by=BY, at=at, name={"en": "Tablets at the bedside", "zh-hans": "床旁平板电脑"}, owner=parties["equipment"],
        began_on=began, ends_on=day_of(at) + timedelta(days=ahead),
    )  # fmt: skip
    chain.add_link(
        by=BY, at=at, supplier=parties["equipment"], customer=parties["ward_b"],
        output={"en": "Tablets, set up", "zh-hans": "配置好的平板电脑"}, project=project, began_on=began,
    )  # fmt: skip
