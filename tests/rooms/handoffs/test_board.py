"""The board: where an open handoff stands, what is late and warned of, who sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.queries.board import BoardFilters, board
from baton.handoffs.rules import OPEN, State
from baton.handoffs.rules.board import SOON, STATES_OF, Column, column_of
from tests.query_counts import queries_a_page
from tests.rooms.handoffs.test_pages import asked, delivered
from tests.rooms.handoffs.test_tablets import device, registered
from tests.world import NOON, World

BOARD = "/handoffs/board/"
HOUR = timedelta(hours=1)


def test_every_open_state_has_its_column() -> None:
    assert frozenset().union(*STATES_OF.values()) == OPEN
    assert {column_of(state, None, NOON) for state in OPEN} == set(Column) - {Column.SOON}
    assert column_of(State.EXPECTED, NOON + SOON, NOON) is Column.ASKED
    assert column_of(State.EXPECTED, NOON + SOON - HOUR, NOON) is Column.SOON
    assert column_of(State.RETURNED, NOON - HOUR, NOON) is Column.BACK
    assert column_of(State.ACCEPTED, None, NOON) is None


def entered(world: World) -> datetime:
    """One in each column: asked for, late and warned of, delivered, back, incomplete; one more is over."""
    at = datetime.now(UTC)
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)
    asked(world, reference="LATER", due_at=at + 3 * SOON)
    late = asked(world, reference="LATE", due_at=at - HOUR)
    changes.warn_late(by=laundry, at=at, handoff=late, expected_at=at + 4 * HOUR, reason="Boiler")
    delivered(world, reference="HERE")
    changes.return_handoff(by=ward, at=at, handoff=delivered(world, reference="BACK"), phenomenon="Damp")
    changes.refuse_request(by=laundry, at=at, handoff=asked(world, reference="WHICH"), reason="Which ward?")
    changes.accept_handoff(by=ward, at=at, handoff=delivered(world, reference="IS-OVER"))
    return at


def test_each_handoff_stands_in_its_column(world: World) -> None:
    at = entered(world)
    found = board(viewer=world.actor(world.zhao_lei), at=at, filters=BoardFilters())
    held = {column: [card.handoff.reference for card in cards] for column, cards in found.cards.items()}
    assert held == {
        Column.ASKED: ["LATER"], Column.SOON: ["LATE"], Column.DELIVERED: ["HERE"], Column.BACK: ["BACK"],
        Column.INCOMPLETE: ["WHICH"],
    }  # fmt: skip
    assert found.counts == dict.fromkeys(Column, 1)
    (late,) = found.cards[Column.SOON]
    assert late.late
    assert late.warning is not None
    assert late.warning.reason == "Boiler"
    (waits,) = found.cards[Column.DELIVERED]
    assert waits.since == waits.handoff.delivered_at


def test_what_was_handed_over_since_is_not_paused_any_more(world: World) -> None:
    at = datetime.now(UTC)
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)

    def paused(reference: str, *reasons: str) -> Handoff:
        one = asked(world, reference=reference)
        for place, reason in enumerate(reasons):
            when = at - HOUR + place * HOUR / 4
            one = changes.pause_handoff(by=laundry, at=at, handoff=one, reason=reason, when=when)
        return one

    paused("HELD", "No steam")
    changes.resume_handoff(by=laundry, at=at, handoff=paused("BOTH", "No steam", "No linen"), reason="No steam")
    changes.resume_handoff(by=laundry, at=at, handoff=paused("ON", "No steam"))
    back = changes.deliver_handoff(by=laundry, at=at, handoff=paused("BACK", "No steam"))
    changes.return_handoff(by=ward, at=at, handoff=back, phenomenon="Damp")
    found = board(viewer=world.actor(world.zhao_lei), at=at, filters=BoardFilters())
    told = {card.handoff.reference: card.paused for cards in found.cards.values() for card in cards}
    assert told == {"HELD": True, "BOTH": True, "ON": False, "BACK": False}


def test_the_page_its_part_and_the_wall(world: World) -> None:
    entered(world)
    head = world.client(world.zhao_lei)
    for address in (BOARD, f"{BOARD}columns/", f"{BOARD}?wall=1"):
        page = head.get(address).content.decode()
        for words in ("LATER", "late by", "Boiler", "waits for", "WHICH", "renews itself"):
            assert words in page, (address, words)
        assert "IS-OVER" not in page
    assert "Skip to the content" not in head.get(f"{BOARD}columns/").content.decode()
    assert f'hx-get="{BOARD}columns/?party={world.laundry.public_id}"' in (
        head.get(f"{BOARD}?party={world.laundry.public_id}").content.decode()
    )


def test_on_the_wall_a_shared_tablet_shows_it_without_a_sign_in(world: World) -> None:
    entered(world)
    wall = device(registered(world)).get("/tablet/board/").content.decode()
    for words in ("Ward 3", "LATER", "late by", "Boiler", "WHICH", "renews itself", "/tablet/board/?renew=yes"):
        assert words in wall
    assert "IS-OVER" not in wall
    assert 'href="/handoffs/' not in wall, "nothing leads to where somebody has to be signed in"
    assert 'href="/links/' not in wall
    part = device(registered(world)).get("/tablet/board/?renew=yes").content.decode()
    assert "LATER" in part
    assert "<html" not in part
    by = world.actor(world.lin_mei)
    far = changes.register_tablet(by=by, at=datetime.now(UTC), party=world.pharmacy, name="Counter", days=9)
    other = device(far).get("/tablet/board/").content.decode()
    assert "LATER" not in other
    assert "Nothing is open" in other
    assert Client().get("/tablet/board/").status_code == 403


def test_an_open_board_is_no_use_of_the_sign_in(world: World) -> None:
    page = world.client(world.zhao_lei).get(f"{BOARD}?wall=1").content.decode()
    assert "X-Baton-Renews" in page


@pytest.mark.parametrize(("side", "shown"), [("supplier", True), ("customer", False), ("nonsense", True)])
def test_one_side_of_a_party(world: World, side: str, shown: bool) -> None:
    entered(world)
    page = world.client(world.zhao_lei).get(f"{BOARD}?side={side}").content.decode()
    assert ("LATER" in page) is shown


def test_of_a_link_and_of_nobody(world: World) -> None:
    entered(world)
    director = world.client(world.he_jun)
    assert "Whose board?" in director.get(BOARD).content.decode()
    page = director.get(f"{BOARD}?link={world.laundry_ward.public_id}").content.decode()
    assert "LATER" in page
    empty = director.get(f"{BOARD}?link={world.pharmacy_ward.public_id}").content.decode()
    assert "Nothing is open" in empty


@pytest.mark.sqlite
def test_who_sees_neither_party_nor_link_finds_nothing(world: World) -> None:
    entered(world)
    for query in (f"link={world.laundry_ward.public_id}", f"party={world.ward.public_id}"):
        assert world.client(world.he_ping).get(f"{BOARD}?{query}").status_code == 404
        assert world.client(world.he_ping).get(f"{BOARD}columns/?{query}").status_code == 404
    assert world.client(world.tom_reed).get(BOARD).status_code == 403
    assert "LATER" not in world.client(world.he_ping).get(BOARD).content.decode()


@pytest.mark.sqlite
def test_more_cards_ask_no_more_queries(world: World) -> None:
    entered(world)
    head = world.client(world.zhao_lei)
    head.get(BOARD)
    before = queries_a_page(head, [BOARD])
    entered(world)
    assert queries_a_page(head, [BOARD]) == before
