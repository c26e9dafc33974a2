"""Find my customer: who works there proposes links; who may enter them accepts or declines each."""

from __future__ import annotations

from typing import Any

import pytest

from baton.chain import changes, queries
from baton.chain.changes import ProposedLink
from baton.chain.changes.proposals import MOST_OPEN
from baton.chain.models import Link, LinkProposal, Party
from baton.chain.rules import Capacity, ProposalState, Side
from baton.core import queries as core
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import Notification, Person
from tests.world import NOON, SYSTEM, World

BEDS = ProposedLink(Side.CUSTOMER, "Patient", "A made bed", missed="sleep", outside="a clean bed")
ROUND = ProposedLink(Side.SUPPLIER, "laboratory", "Morning round")


def proposed(world: World, *links: ProposedLink, by: Person | None = None, party: Party | None = None) -> LinkProposal:
    made = changes.propose_links(
        by=World.actor(by or world.chen_jie), at=NOON, party=party or world.ward, links=links or [BEDS]
    )
    return made[0]


def told(person: Person) -> list[str]:
    return [core.notification_text(one) for one in Notification.objects.filter(person=person).order_by("pk")]


def test_a_member_proposes_and_the_head_accepts(world: World) -> None:
    before = Link.objects.count()
    one = proposed(world)
    assert (one.state, one.other, Link.objects.count()) == (ProposalState.OPEN, world.patient, before)
    assert told(world.wang_fang) == ["Chen Jie proposes links of Ward 3. Enter or decline them: 1."]
    assert told(world.zhou_min)  # stands in for the head with links
    assert told(world.liu_yang) == told(world.lin_mei) == []
    done = changes.accept_proposal(by=World.actor(world.wang_fang), at=NOON, proposal=one, other=world.patient)
    link = done.link
    assert link is not None
    assert (link.supplier, link.customer, str(link.output)) == (world.ward, world.patient, "A made bed")
    assert told(world.chen_jie) == ["Your proposed link is answered: A made bed."]


def test_the_other_side_may_be_the_supplier(world: World) -> None:
    one = proposed(world, ROUND)
    assert one.other == world.laboratory  # whatever the letter case
    done = changes.accept_proposal(
        by=World.actor(world.zhou_min), at=NOON, proposal=one, other=world.laboratory, output="Blood results"
    )
    assert done.link is not None
    assert (done.link.supplier, done.link.customer) == (world.laboratory, world.ward)
    assert str(done.link.output) == "Blood results"


def test_declined_with_a_reason_it_may_be_proposed_again(world: World) -> None:
    one = proposed(world)
    with pytest.raises(Refused, match="reason"):
        changes.decline_proposal(by=World.actor(world.wang_fang), at=NOON, proposal=one, reason=" ")
    changes.decline_proposal(by=World.actor(world.wang_fang), at=NOON, proposal=one, reason="The night shift does it")
    one.refresh_from_db()
    assert (one.state, one.reason) == (ProposalState.DECLINED, "The night shift does it")
    with pytest.raises(Refused, match="nobody has answered"):
        changes.accept_proposal(by=World.actor(world.wang_fang), at=NOON, proposal=one, other=world.patient)
    assert proposed(world).state == ProposalState.OPEN


def test_a_name_that_no_party_has_goes_to_the_quality_manager_too(world: World) -> None:
    one = proposed(world, ProposedLink(Side.CUSTOMER, "The people upstairs", "Reports"))
    assert one.other is None
    assert told(world.lin_mei)
    assert told(world.wang_fang)
    changes.accept_proposal(by=World.actor(world.lin_mei), at=NOON, proposal=one, other=world.pharmacy)
    assert Link.objects.filter(supplier=world.ward, customer=world.pharmacy).exists()


def test_without_a_head_the_quality_manager_is_asked(world: World) -> None:
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.infection_control, person=world.ivy_stone, capacity=Capacity.MEMBER
    )  # fmt: skip
    proposed(world, by=world.ivy_stone, party=world.infection_control)
    assert told(world.lin_mei)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "proposes", "answers", "sees"),
    [
        ("chen_jie", True, False, True),
        ("sun_lei", True, False, False),
        ("wang_fang", True, True, True),
        ("zhou_min", True, True, True),
        ("liu_yang", True, True, True),
        ("lin_mei", True, True, True),
        ("zhao_lei", False, False, False),
        ("he_jun", False, False, False),
        ("wu_tao", False, False, False),
        ("sun_yan", False, False, False),
        ("qian_li", False, False, False),
        ("tom_reed", False, False, False),
        ("ivy_stone", False, False, False),
    ],
)
def test_who_proposes_answers_and_sees(world: World, who: str, proposes: bool, answers: bool, sees: bool) -> None:
    """Links of Ward 3, one of them proposed by Chen Jie."""
    by = World.actor(getattr(world, who))
    one = proposed(world)

    def allowed(deed: Any) -> bool:
        try:
            deed()
        except (Forbidden, NotFound):
            return False
        return True

    assert allowed(lambda: queries.proposal(viewer=by, at=NOON, public_id=one.public_id)) is sees
    assert (one in queries.proposals(viewer=by, at=NOON).to_answer) is answers
    assert queries.proposals_to_answer(viewer=by, at=NOON) == int(answers)
    assert allowed(lambda: changes.propose_links(by=by, at=NOON, party=world.ward, links=[ROUND])) is proposes
    assert allowed(lambda: changes.withdraw_proposal(by=by, at=NOON, proposal=proposed(world))) is (who == "chen_jie")
    assert allowed(lambda: changes.decline_proposal(by=by, at=NOON, proposal=proposed(world), reason="no")) is answers
    assert allowed(lambda: changes.accept_proposal(by=by, at=NOON, proposal=one, other=world.patient)) is answers


def test_what_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="somebody else"):
        proposed(world, ProposedLink(Side.CUSTOMER, "w3", "Anything"))
    with pytest.raises(Refused, match="200"):
        proposed(world, ProposedLink(Side.CUSTOMER, "Patient", "x" * 201))
    with pytest.raises(Refused):
        proposed(world, ProposedLink(Side.CUSTOMER, "\u202e", "A bed"))
    proposed(world, *[BEDS] * MOST_OPEN)
    with pytest.raises(Refused, match="at most 50"):
        proposed(world)
    one = LinkProposal.objects.all()[0]
    with pytest.raises(Stale):
        changes.accept_proposal(
            by=World.actor(world.wang_fang), at=NOON, proposal=one, other=world.patient, expected_seq=1
        )


def send(world: World, who: Person, go: str, **values: Any) -> Any:
    mine = queries.parties_to_propose_for(viewer=World.actor(who), at=NOON)
    return World.client(who).post("/find-my-customer/", {"party": mine[0].public_id, "go": go, **values})


def test_the_five_questions_end_in_proposed_links(world: World) -> None:
    answers = {
        "finished": "A made bed", "next": "Patient", "missed": "sleep", "source": "Pharmacy", "received": "pills",
        "outside": "rest",
    }  # fmt: skip
    shown = send(world, world.chen_jie, "show", **answers).content.decode()
    for words in ("Ward 3", "A made bed", "Without it they would miss: sleep", "Pharmacy", "pills"):
        assert words in shown, words
    assert not LinkProposal.objects.exists()
    kept = send(world, world.chen_jie, "change", **answers).content.decode()
    assert 'value="A made bed"' in kept
    assert send(world, world.chen_jie, "send", **answers)["Location"] == "/proposals/"
    assert {one.side for one in LinkProposal.objects.all()} == {Side.CUSTOMER, Side.SUPPLIER}
    page = World.client(world.wang_fang).get("/proposals/").content.decode()
    assert "2 wait for your answer" in page
    assert "2 proposed links wait for your answer" in World.client(world.wang_fang).get("/").content.decode()


def test_sent_twice_it_is_proposed_once(world: World) -> None:
    for _time in range(2):
        answer = send(world, world.chen_jie, "send", finished="Beds", next="Patient", submission="f" * 32)
        assert answer.status_code == 302
    assert LinkProposal.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Write what you finish"),
        ({"finished": "Beds"}, "a link needs both"),
        ({"received": "Pills"}, "a link needs both"),
    ],
)
def test_half_an_answer_is_asked_for_the_rest(world: World, answers: dict[str, str], said: str) -> None:
    refused = send(world, world.chen_jie, "show", **answers)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)


def test_accepting_and_declining_on_the_page(world: World) -> None:
    one, other = changes.propose_links(
        by=World.actor(world.chen_jie), at=NOON, party=world.ward,
        links=[ProposedLink(Side.CUSTOMER, "Somebody", "Beds"), ROUND],
    )  # fmt: skip
    head = World.client(world.wang_fang)

    def answer(proposal: LinkProposal, go: str, **values: Any) -> Any:
        named = {f"{proposal.public_id}-{name}": value for name, value in values.items()}
        named[f"{proposal.public_id}-version"] = str(proposal.changed_seq)
        return head.post(f"/proposals/{proposal.public_id}/", {"go": go, **named})

    refused = answer(one, "accept", output="Beds")
    assert (refused.status_code, "Choose who is meant" in refused.content.decode()) == (422, True)
    assert answer(one, "accept", output="Beds", other=world.patient.public_id).status_code == 302
    assert answer(other, "decline").status_code == 422
    assert answer(other, "decline", reason="Not ours").status_code == 302
    own = World.client(world.chen_jie).get("/proposals/").content.decode()
    assert "Accepted" in own
    assert "Not ours" in own


def test_the_home_page_of_somebody_without_customers_leads_here(world: World) -> None:
    changes.appoint(by=SYSTEM, at=NOON, party=world.stores, person=world.ivy_stone, capacity=Capacity.MEMBER)
    page = World.client(world.ivy_stone).get("/").content.decode()
    assert "No customer yet" in page
    assert "/find-my-customer/" in page


def test_who_belongs_nowhere_is_told_what_to_do(world: World) -> None:
    page = World.client(world.ivy_stone).get("/find-my-customer/").content.decode()
    assert "You belong to no party yet" in page
    assert World.client(world.tom_reed).get("/find-my-customer/").status_code == 403


def test_who_answers_is_led_to_enter_somebody_whom_nobody_knows(world: World) -> None:
    proposed(world, ProposedLink(Side.CUSTOMER, "Relatives & friends", "News of the day"))
    manager = world.client(world.lin_mei)
    assert "/parties/add/?name=Relatives%20%26%20friends" in manager.get("/proposals/").content.decode()
    entered = manager.get("/parties/add/", {"name": "Relatives & friends"})
    assert entered.context["form"]["name_en"].value() == "Relatives & friends"
