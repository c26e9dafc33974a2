"""A consultation: who is asked, what they say, what is answered, and what it stands between."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from baton.agreements import changes
from baton.agreements.models import AgreementVersion, Invitation, Opinion
from baton.agreements.queries import consulting
from baton.agreements.queries.hearing import hearing_of, line_of, seen_now
from baton.agreements.rules import Outcome, Side, Stance, VersionState, countered, differing
from baton.chain.changes import end_membership
from baton.chain.models import Membership
from baton.core.changes import forget_person
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import Notification, Person
from tests.databases import Databases
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import LINEN, ORDER, first_clause, proposed, terms
from tests.rooms.agreements.test_signing import sign
from tests.world import NOON, World, build

DUE = day_of(NOON) + timedelta(days=10)
WORDS = "The night shift starts at six; seven is too late."


def consulted(world: World, *people: Person, side: Side = Side.CUSTOMER) -> AgreementVersion:
    """The linen of Ward 3 in consultation, with these people of a side asked."""
    version = changes.open_consultation(by=world.actor(world.wang_fang), at=NOON, version=proposed(world))
    if people:
        ask(world, version, *people, side=side)
    return version


def ask(world: World, version: AgreementVersion, *people: Person, side: Side = Side.CUSTOMER) -> None:
    by = world.actor(world.wang_fang if side is Side.CUSTOMER else world.zhao_lei)
    names = [one.public_id for one in people]
    changes.ask_staff(by=by, at=NOON, version=version, side=side, due_on=DUE, people=names)


def say(world: World, person: Person, version: AgreementVersion, stance: Stance, **given: Any) -> Opinion:
    line = given.pop("line", line_of(first_clause(version)))
    return changes.say_opinion(
        by=world.actor(person), at=NOON, version=version, line=line, stance=stance, **given
    )  # fmt: skip


def counter(world: World, person: Person, version: AgreementVersion, target: float, **given: Any) -> Opinion:
    clause = first_clause(version)
    wanted = replace(clause.terms, target=target)
    return say(world, person, version, Stance.COUNTER_PROPOSAL, proposed=wanted, **given)


def test_from_asking_to_signing(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    told = Notification.objects.filter(topic="agreements.asked").values_list("person__public_id", flat=True)
    assert set(told) == {world.chen_jie.public_id, world.sun_lei.public_id}
    objection = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    proposal = counter(world, world.sun_lei, version, 12.0, text="Twelve will do")
    assert proposal.proposed == {"target": 12.0}
    head, supplier = world.actor(world.wang_fang), world.actor(world.zhao_lei)
    with pytest.raises(Refused, match="Waiting for an answer: 2"):
        changes.close_consultation(by=head, at=NOON, version=version)
    proposal = changes.adopt_opinion(by=supplier, at=NOON, opinion=proposal)
    assert (proposal.outcome, first_clause(version).target) == (Outcome.ADOPTED, 12.0)
    changes.adopt_opinion(by=supplier, at=NOON, opinion=objection, answer="Now it is twelve hours")
    assert Notification.objects.filter(topic="agreements.answered", person=world.chen_jie).exists()
    version = changes.close_consultation(by=head, at=NOON, version=version)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    sign(world, version, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    heard = hearing_of(viewer=head, version=version)  # the figure stays
    assert [(one.asked, one.spoke, one.share) for one in heard.sides] == [(0, 0, None), (2, 2, 100.0)]


def test_below_the_minimum_of_a_side_nothing_is_put_up_to_be_signed(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei, world.wang_fang)
    ask(world, version, world.gao_ming, side=Side.SUPPLIER)
    head = world.actor(world.wang_fang)
    changes.consent_to_the_rest(by=world.actor(world.chen_jie), at=NOON, version=version)
    say(world, world.sun_lei, version, Stance.COMMENT, text="Fine")
    with pytest.raises(Refused, match="Spoken: 0 of 1"):
        changes.close_consultation(by=head, at=NOON, version=version)
    changes.consent_to_the_rest(by=world.actor(world.gao_ming), at=NOON, version=version)
    quality = world.actor(world.lin_mei)
    changes.describe_version(by=quality, at=NOON, version=version, minimum_participation=90)
    with pytest.raises(Refused, match="at least 90 %.*2 of 3"):
        changes.close_consultation(by=head, at=NOON, version=version)
    changes.describe_version(by=quality, at=NOON, version=version, minimum_participation=60)
    changes.close_consultation(by=head, at=NOON, version=version)


def test_the_organisation_says_how_many_must_speak_and_that_people_are_asked(world: World) -> None:
    quality = world.actor(world.lin_mei)
    changes.say_how_many_take_part(by=quality, at=NOON, minimum_participation=80, always=True)
    version = consulted(world)
    with pytest.raises(Refused, match="at least 80 %"):
        changes.close_consultation(by=world.actor(world.wang_fang), at=NOON, version=version)
    direct = changes.begin_agreement(
        by=world.actor(world.zhao_lei), at=NOON, link=world.linenco_laundry, clauses=[LINEN]
    )
    direct = changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=direct)
    with pytest.raises(Refused, match="Too few have, or nobody was asked"):
        sign(world, direct, world.zhao_lei, Side.CUSTOMER)
    with pytest.raises(Forbidden):
        changes.say_how_many_take_part(by=world.actor(world.wang_fang), at=NOON, minimum_participation=0, always=False)
    with pytest.raises(Refused, match="0 to 100 %"):
        changes.say_how_many_take_part(by=quality, at=NOON, minimum_participation=101, always=False)


def test_one_opinion_a_person_and_clause_which_may_be_changed_while_it_is_open(world: World) -> None:
    version = consulted(world, world.chen_jie)
    first = say(world, world.chen_jie, version, Stance.CONSENT)
    again = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    assert (again.pk, Opinion.objects.count()) == (first.pk, 1)
    back = changes.withdraw_opinion(by=world.actor(world.chen_jie), at=NOON, opinion=again)
    assert back.outcome == Outcome.WITHDRAWN
    with pytest.raises(Refused, match="This one is: Withdrawn"):
        changes.decline_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=back, answer="No")
    changes.consent_to_the_rest(by=world.actor(world.chen_jie), at=NOON, version=version)
    assert set(Opinion.objects.values_list("stance", "outcome")) == {(Stance.CONSENT, Outcome.OPEN)}
    assert Opinion.objects.count() == 2


def test_who_was_answered_speaks_again_once_the_clause_was_changed(world: World) -> None:
    version = consulted(world, world.chen_jie)
    objection = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    supplier = world.actor(world.zhao_lei)
    with pytest.raises(Refused, match="It reads as it did"):
        changes.adopt_opinion(by=supplier, at=NOON, opinion=objection, answer="Done")
    with pytest.raises(Refused) as refused:
        changes.decline_opinion(by=supplier, at=NOON, opinion=objection, answer=" ")
    assert refused.value.field == "answer"
    changes.decline_opinion(by=supplier, at=NOON, opinion=objection, answer="The van comes at seven")
    with pytest.raises(Refused, match="The van comes at seven"):
        say(world, world.chen_jie, version, Stance.OBJECTION, text="Still too late")
    changes.change_clause(by=supplier, at=NOON, clause=first_clause(version), terms=terms(target=20.0))
    say(world, world.chen_jie, version, Stance.OBJECTION, text="Still too late")
    assert Opinion.objects.filter(person=world.chen_jie).count() == 2


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("stance", "given", "field"),
    [
        (Stance.OBJECTION, {"text": " \u200b"}, "text"),
        (Stance.COMMENT, {"text": ""}, "text"),
        (Stance.OBJECTION, {"text": "x" * 2001}, "text"),
        (Stance.COUNTER_PROPOSAL, {}, ""),
        (Stance.COUNTER_PROPOSAL, {"proposed": LINEN}, ""),  # differs only in the trial that begins by itself
        (Stance.COUNTER_PROPOSAL, {"proposed": terms(unit="ppm")}, "unit"),
        (Stance.COUNTER_PROPOSAL, {"proposed": terms(target=-1.0)}, "target"),
        (Stance.COUNTER_PROPOSAL, {"proposed": terms(attainment=101.0)}, "attainment"),
        (Stance.CONSENT, {"line": "gone"}, ""),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    world: World, stance: Stance, given: dict[str, Any], field: str
) -> None:
    version = consulted(world, world.chen_jie)
    with pytest.raises(Refused) as refused:
        say(world, world.chen_jie, version, stance, **given)
    assert refused.value.field == field
    assert not Opinion.objects.exists()


def test_nobody_speaks_who_is_not_asked_has_left_or_comes_too_late(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    for stranger in (world.gao_ming, world.lin_mei, world.ma_chao, world.ivy_stone, world.tom_reed):
        with pytest.raises(Forbidden):
            say(world, stranger, version, Stance.OBJECTION, text=WORDS)
    end_membership(
        by=world.actor(world.lin_mei), at=NOON, membership=Membership.objects.get(person=world.sun_lei),
        ended_on=day_of(NOON),
    )  # fmt: skip
    with pytest.raises(Forbidden, match="do not belong to it any more"):
        say(world, world.sun_lei, version, Stance.CONSENT)
    say(world, world.chen_jie, version, Stance.CONSENT)
    version = changes.close_consultation(by=world.actor(world.wang_fang), at=NOON, version=version)
    with pytest.raises(Refused, match="Version 1 is Proposed"):
        say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)


@pytest.mark.sqlite
def test_who_asks_whom(world: World) -> None:
    version = consulted(world)
    for by, side in (
        (world.zhao_lei, Side.CUSTOMER),
        (world.wang_fang, Side.SUPPLIER),
        (world.chen_jie, Side.CUSTOMER),
    ):
        with pytest.raises(Forbidden):
            changes.ask_staff(by=world.actor(by), at=NOON, version=version, side=side, due_on=DUE)
    with pytest.raises(Refused) as strange:
        ask(world, version, world.gao_ming)
    assert strange.value.field == "people"
    with pytest.raises(Refused) as late:
        changes.ask_staff(
            by=world.actor(world.wang_fang), at=NOON, version=version, side=Side.CUSTOMER,
            due_on=day_of(NOON) - timedelta(days=1),
        )  # fmt: skip
    assert late.value.field == "due_on"
    changes.ask_staff(by=world.actor(world.lin_mei), at=NOON, version=version, side=Side.CUSTOMER, due_on=DUE)
    everybody = {world.wang_fang.pk, world.zhou_min.pk, world.chen_jie.pk, world.sun_lei.pk}
    assert set(Invitation.objects.values_list("person", flat=True)) == everybody
    held = Invitation.objects.get(person=world.sun_lei)
    held = changes.end_invitation(by=world.actor(world.wang_fang), at=NOON, invitation=held, reason="Has left")
    heard = hearing_of(viewer=world.actor(world.lin_mei), version=version)
    assert [(one.asked, one.taken_back) for one in heard.sides] == [(0, 0), (3, 1)]
    say(world, world.chen_jie, version, Stance.CONSENT)
    with pytest.raises(Refused, match="Chen Jie has spoken"):
        changes.end_invitation(
            by=world.actor(world.wang_fang), at=NOON, reason="No",
            invitation=Invitation.objects.get(person=world.chen_jie),
        )  # fmt: skip


def test_nobody_answers_himself_and_a_side_is_answered_by_the_other(world: World) -> None:
    version = consulted(world)
    mine = counter(world, world.wang_fang, version, 12.0)
    assert mine.by_lead
    with pytest.raises(Forbidden, match="answers what he has said himself"):
        changes.adopt_opinion(by=world.actor(world.wang_fang), at=NOON, opinion=mine)
    with pytest.raises(Forbidden):  # of the same side
        changes.adopt_opinion(by=world.actor(world.zhou_min), at=NOON, opinion=mine)
    with pytest.raises(Forbidden):
        changes.adopt_opinion(by=world.actor(world.chen_jie), at=NOON, opinion=mine)
    assert changes.adopt_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=mine).outcome == Outcome.ADOPTED


def test_a_side_counters_a_proposal_and_what_was_signed_becomes_void(world: World) -> None:
    version = proposed(world)
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    mine = counter(world, world.wang_fang, version, 12.0)
    assert Notification.objects.filter(topic="agreements.countered", person=world.zhao_lei).exists()
    with pytest.raises(Refused, match="At least one waits for an answer"):
        sign(world, version, world.wang_fang, Side.CUSTOMER)
    with pytest.raises(Refused, match="Version 1 is Proposed"):  # consent to a proposal is a signature
        say(world, world.wang_fang, version, Stance.CONSENT, line=line_of(version.clauses.order_by("pk")[1]))
    changes.adopt_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=mine)
    sign(world, version, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED  # the supplier signed another text
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    version.refresh_from_db()
    assert (version.state, first_clause(version).target) == (VersionState.ACTIVE, 12.0)


def test_of_two_sides_that_counter_a_clause_at_once_one_wins_and_the_other_sees_both(world: World) -> None:
    version = proposed(world)
    clause = first_clause(version)
    seen = seen_now(version, clause, line_of(clause), by_lead=True)
    counter(world, world.zhao_lei, version, 20.0, expected_seq=seen)
    with pytest.raises(Stale) as stale:
        counter(world, world.wang_fang, version, 12.0, expected_seq=seen)
    assert stale.value.theirs["target"] == 20.0
    counter(world, world.wang_fang, version, 12.0, expected_seq=stale.value.version)


def test_nobody_speaks_to_a_text_that_he_has_not_read(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    clause, seen = first_clause(version), version.changed_seq
    changes.change_clause(by=world.actor(world.zhao_lei), at=NOON, clause=clause, terms=terms(target=20.0))
    with pytest.raises(Stale) as stale:
        say(world, world.chen_jie, version, Stance.CONSENT, expected_seq=clause.changed_seq)
    assert stale.value.theirs["target"] == 20.0
    with pytest.raises(Stale):
        changes.consent_to_the_rest(by=world.actor(world.chen_jie), at=NOON, version=version, expected_seq=seen)
    one = counter(world, world.chen_jie, version, 12.0)
    other = counter(world, world.sun_lei, version, 18.0)  # colleagues do not wait for each other
    supplier = world.actor(world.zhao_lei)
    changes.adopt_opinion(by=supplier, at=NOON, opinion=one)
    seen_by_all = consulting.opinions_of(viewer=supplier, at=NOON, version=version)
    assert [(held.opinion.pk, held.changed, held.waits) for held in seen_by_all] == [
        (one.pk, True, False), (other.pk, True, True)
    ]  # fmt: skip


@pytest.mark.sqlite
def test_who_reads_what_was_said(world: World) -> None:
    version = consulted(world, world.chen_jie)
    said = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    for reader in (world.chen_jie, world.wang_fang, world.zhou_min, world.zhao_lei, world.lin_mei, world.he_jun):
        assert consulting.opinion(viewer=world.actor(reader), at=NOON, public_id=said.public_id) == said
    for stranger in (world.sun_lei, world.gao_ming, world.ma_chao, world.ivy_stone, world.tom_reed):
        with pytest.raises(NotFound):
            consulting.opinion(viewer=world.actor(stranger), at=NOON, public_id=said.public_id)
    page = consulting.consultation(viewer=world.actor(world.sun_lei), at=NOON, public_id=version.public_id)
    assert (page.reads, page.invitations, [part.heard for part in page.parts if part.heard]) == (False, [], [])
    assert [one.spoke for one in page.hearing.sides] == [0, 1]


def test_who_is_silent_is_reminded_once_in_one_message(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    say(world, world.sun_lei, version, Stance.CONSENT)

    def on(days: int) -> list[str]:
        changes.remind_of_opinions(by=world.actor(world.lin_mei), at=NOON + timedelta(days=days))
        rows = Notification.objects.filter(topic="agreements.opinion_reminded")
        return list(rows.values_list("person__public_id", flat=True))

    assert (on(6), on(7), on(8)) == ([], [world.chen_jie.public_id], [world.chen_jie.public_id])


def test_what_waits_for_me_stands_first_with_what_is_due_first(world: World) -> None:
    version = consulted(world, world.chen_jie)
    nurse = world.actor(world.chen_jie)
    assert [(one.clauses, one.said) for one in consulting.waiting_for_me(viewer=nurse, at=NOON)] == [(2, 0)]
    say(world, world.chen_jie, version, Stance.CONSENT)
    assert [one.said for one in consulting.waiting_for_me(viewer=nurse, at=NOON)] == [1]
    changes.consent_to_the_rest(by=nurse, at=NOON, version=version)
    assert consulting.waiting_for_me(viewer=nurse, at=NOON) == []
    assert consulting.waiting_for_me(viewer=world.actor(world.sun_lei), at=NOON) == []


def test_the_words_go_with_the_person_and_the_figures_stay(world: World) -> None:
    version = consulted(world, world.chen_jie)
    said = say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    changes.decline_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=said, answer="The van comes at seven")
    forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.chen_jie, reason="Asked for it")
    said.refresh_from_db()
    assert (said.text, said.forgotten, said.answer) == ("", True, "The van comes at seven")
    assert [one.spoke for one in hearing_of(viewer=world.actor(world.lin_mei), version=version).sides] == [0, 1]


def test_a_counter_proposal_is_what_differs(world: World) -> None:
    wanted = replace(LINEN, target=12.0, trial_until=day_of(NOON))
    assert differing(LINEN, wanted) == ("target",)
    assert countered(LINEN, {"target": 12.0, "owed_by": "customer"}) == replace(wanted, trial_until=None)
    assert differing(ORDER, replace(ORDER, characteristic={"en": "Sorted"})) == ("characteristic",)


@pytest.mark.slow
def test_of_many_sides_that_counter_at_once_exactly_one_wins(committed_db: Databases) -> None:
    world = build()
    version = proposed(world)
    clause = first_clause(version)
    seen = seen_now(version, clause, line_of(clause), by_lead=True)
    won: list[float] = []

    def try_it(number: int) -> None:
        person = world.zhao_lei if number % 2 else world.wang_fang
        with suppress(Stale):
            counter(world, person, version, float(number), expected_seq=seen)
            won.append(float(number))
        connections.close_all()

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.proposed["target"] for one in Opinion.objects.all()] == won


@pytest.mark.sqlite
def test_the_page_asks_as_many_queries_for_many_opinions_as_for_one(world: World) -> None:
    version = consulted(world, world.chen_jie, world.sun_lei)
    say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    address = f"/agreements/versions/{version.public_id}/consultation/"
    client = world.client(world.wang_fang)
    client.get(address)
    before = queries_a_page(client, [address])
    changes.consent_to_the_rest(by=world.actor(world.sun_lei), at=NOON, version=version)
    say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS, line="")
    assert queries_a_page(client, [address]) == before
