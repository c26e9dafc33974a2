"""Who counts as asked and as heard in a consultation, and what pages show of it."""

from __future__ import annotations

import pytest

from baton.agreements import changes
from baton.agreements.models import AgreementVersion, Invitation
from baton.agreements.queries.consulting import consultation
from baton.agreements.queries.hearing import hearing_of
from baton.agreements.rules import Side, Stance
from baton.chain.changes import appoint, end_membership
from baton.chain.models import Membership
from baton.chain.rules import Capacity
from baton.core.changes import forget_person
from baton.core.days import day_of
from baton.core.models import Person
from tests.query_counts import queries_a_page
from tests.rooms.agreements.test_consulting import WORDS, ask, consulted, say
from tests.world import NOON, SYSTEM, World


def _asked(world: World, version: AgreementVersion) -> list[tuple[int, int]]:
    """Asked and heard, by side."""
    return [(one.asked, one.spoke) for one in hearing_of(viewer=world.actor(world.lin_mei), version=version).sides]


def test_who_was_silent_and_is_forgotten_is_asked_no_more(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    say(world, world.sun_lei, version, Stance.OBJECTION, text=WORDS)
    for person in (world.chen_jie, world.sun_lei):
        forget_person(by=world.actor(world.sun_yan), at=NOON, person=person, reason="Asked for it")
    assert _asked(world, version) == [(0, 0), (1, 1)]
    assert Invitation.objects.get(person=world.chen_jie).ended_because


def test_who_is_asked_again_for_the_other_side_counts_there(world: World) -> None:
    version = consulted(world, world.chen_jie)
    by = world.actor(world.wang_fang)
    changes.end_invitation(by=by, at=NOON, invitation=Invitation.objects.get(), reason="Works in the Laundry now")
    appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.chen_jie, capacity=Capacity.MEMBER, began_on=day_of(NOON)
    )
    ask(world, version, world.chen_jie, side=Side.SUPPLIER)
    assert _asked(world, version) == [(1, 0), (0, 0)]
    assert say(world, world.chen_jie, version, Stance.CONSENT).side == Side.SUPPLIER


@pytest.mark.sqlite
def test_what_was_taken_back_is_not_shown_as_said(world: World) -> None:
    version = consulted(world, world.chen_jie)
    opinion = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    changes.withdraw_opinion(by=world.actor(world.chen_jie), at=NOON, opinion=opinion)
    page = world.client(world.wang_fang).get(f"/agreements/versions/{version.public_id}/consultation/").content.decode()
    assert ("has spoken" in page, "asked until" in page) == (False, True)


@pytest.mark.sqlite
def test_who_has_left_is_offered_no_form(world: World) -> None:
    version = consulted(world, world.chen_jie)
    held = Membership.objects.get(person=world.chen_jie)
    end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=day_of(NOON))
    appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.chen_jie, capacity=Capacity.MEMBER, began_on=day_of(NOON)
    )
    assert not _may_say(world, world.chen_jie, version)
    assert _may_say(world, world.wang_fang, version)


def _may_say(world: World, person: Person, version: AgreementVersion) -> bool:
    return consultation(viewer=world.actor(person), at=NOON, public_id=version.public_id).may_say


@pytest.mark.sqlite
def test_who_may_not_answer_is_shown_no_buttons(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    opinion = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    answer = world.client(world.sun_lei).get(f"/agreements/opinions/{opinion.public_id}/answer/")
    assert answer.status_code == 302


@pytest.mark.sqlite
def test_tables_and_forms_ask_no_query_for_an_opinion(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    line = version.clauses.order_by("position")[0].line
    at = f"/agreements/versions/{version.public_id}/"
    addresses = [f"{at}opinions/", f"{at}counter/{line}/"]
    client = world.client(world.wang_fang)
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    for text in ("Earlier", "Earlier still"):
        say(world, world.sun_lei, version, Stance.OBJECTION, text=text, line="" if text == "Earlier" else line)
    assert queries_a_page(client, addresses) == few
