"""Who reads links across departments is for the quality manager to say; two steps along the chain are the usual."""

from __future__ import annotations

import pytest

from baton.chain import changes, queries
from baton.chain.rules import Confidentiality, Partner, Reach
from baton.core.errors import Forbidden, Stale
from tests.world import NOON, World

LINKS = ("laundry_ward", "linenco_laundry", "linenco_stores", "control_lab")


def say(world: World, reach: Reach) -> None:
    changes.say_how_far_members_read(by=world.actor(world.lin_mei), at=NOON, reach=reach)


def read_by(world: World, name: str) -> set[str]:
    """Which of LINKS the pages of links show to somebody."""
    client = world.client(getattr(world, name))
    return {key for key in LINKS if client.get(f"/links/{getattr(world, key).public_id}/").status_code == 200}


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (None, {"laundry_ward", "linenco_laundry", "control_lab"}),
        (Reach.OWN, {"laundry_ward"}),
        (Reach.TWO, {"laundry_ward", "linenco_laundry", "control_lab"}),
        (Reach.THREE, set(LINKS)),
        (Reach.ALL, set(LINKS)),
    ],
)
def test_members_read_as_far_as_was_said(world: World, reach: Reach | None, seen: set[str]) -> None:
    if reach is not None:
        say(world, reach)
    assert read_by(world, "chen_jie") == seen
    assert read_by(world, "tom_reed") == set()
    assert read_by(world, "he_jun") == set(LINKS)
    assert read_by(world, "ivy_stone") == (set(LINKS) if reach is Reach.ALL else set())


def test_parties_are_known_as_far_as_links_are_read(world: World) -> None:
    def known() -> set[str]:
        listed = queries.parties(viewer=world.actor(world.chen_jie), at=NOON, filters=queries.PartyFilters())
        return {str(party) for party in listed}

    say(world, Reach.OWN)
    assert "LinenCo" not in known()
    assert "Laundry" in known()
    say(world, Reach.ALL)
    assert {"LinenCo", "Stores", "Patient"} <= known()


def test_no_choice_shows_what_is_confidential(world: World) -> None:
    changes.describe_partner(
        by=world.actor(world.lin_mei), at=NOON, party=world.linenco, partner=Partner.FORMER_COMPETITOR,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip
    say(world, Reach.ALL)
    assert read_by(world, "chen_jie") == {"laundry_ward", "control_lab"}
    assert "linenco_laundry" in read_by(world, "zhao_lei")
    client = world.client(world.chen_jie)
    assert client.get(f"/parties/{world.linenco.public_id}/").status_code == 404
    assert world.client(world.zhao_lei).get(f"/parties/{world.linenco.public_id}/").status_code == 200


def test_the_quality_manager_says_it_on_a_page(world: World) -> None:
    client = world.client(world.lin_mei)
    page = client.get("/settings/reading/")
    assert page.context["form"]["reach"].value() == Reach.TWO
    assert '<a href="/settings/reading/"' in page.content.decode()
    sent = {"reach": "own", "reason": "Fewer eyes", "version": page.context["form"]["version"].value()}
    assert client.post("/settings/reading/", sent).status_code == 302
    after = client.get("/settings/reading/").content.decode()
    assert "Who reads links across departments set" in after
    assert "Fewer eyes" in after
    assert read_by(world, "chen_jie") == {"laundry_ward"}
    stale = client.post("/settings/reading/", {**sent, "reach": "all"})
    assert stale.status_code == 409
    assert b"Somebody changed this record" in stale.content
    wrong = client.post("/settings/reading/", {**sent, "reach": "everything"})
    assert wrong.status_code == 422


def test_nobody_else_says_it(world: World) -> None:
    for name in ("he_jun", "wu_tao", "sun_yan", "wang_fang", "chen_jie"):
        with pytest.raises(Forbidden):
            changes.say_how_far_members_read(by=world.actor(getattr(world, name)), at=NOON, reach=Reach.ALL)


def test_what_somebody_else_said_meanwhile_is_not_overwritten(world: World) -> None:
    say(world, Reach.OWN)
    with pytest.raises(Stale):
        changes.say_how_far_members_read(
            by=world.actor(world.lin_mei), at=NOON, reach=Reach.ALL, expected_seq=0
        )  # fmt: skip
