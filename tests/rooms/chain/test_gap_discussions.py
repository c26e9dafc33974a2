"""What people say about gaps: read and written by who may see the gap, for as long as there is one."""

from __future__ import annotations

import pytest

from baton.chain import changes
from baton.chain.queries.gap_detectors import Gap, pair_key
from baton.chain.rules import Detector, Sourcing, gap_of_subject, gap_subject
from baton.core.discussions import queries
from baton.core.errors import NotFound
from baton.core.models import Comment, Notification
from baton.core.queries import notification_text
from baton.core.search.finding import search
from baton.core.worker import Worker
from tests.api import Program, said, token_for
from tests.rooms.chain.test_gaps import accept, found
from tests.world import NOON, SYSTEM, World


def single_source(world: World) -> Gap:
    gaps = [row.gap for row in found(world, Detector.ACCIDENTAL_SINGLE_SOURCE)]
    return next(gap for gap in gaps if gap.key == world.linenco_laundry.public_id)


def reads(world: World, who: str, subject: str) -> bool:
    viewer = world.actor(getattr(world, who))
    try:
        queries.thread(viewer=viewer, at=NOON, kind="gap", public_id=subject)
    except NotFound:
        return False
    return True


@pytest.mark.sqlite
def test_who_sees_a_gap_talks_about_it_and_nobody_else(world: World) -> None:
    gap, client = single_source(world), world.client(world.gao_ming)
    page = f"/gaps/accidental_single_source/{gap.key}/"
    answer = client.post(f"/discussions/gap/{gap.subject}/", {"words": "@Lin Mei, the zeppelin of linen is late."})
    comment = Comment.objects.get()
    assert answer["Location"] == f"{page}#c-{comment.public_id}"
    for who in ("gao_ming", "zhao_lei", "wu_tao"):
        assert "zeppelin" in world.client(getattr(world, who)).get(page).content.decode(), who
    for who in ("he_ping", "ivy_stone", "tom_reed", "sun_yan"):
        assert not reads(world, who, gap.subject), who
        assert world.client(getattr(world, who)).get(f"/discussions/gap/{gap.subject}/").status_code in (403, 404)
    Worker().drain(NOON)
    told = {one.person: notification_text(one) for one in Notification.objects.filter(address__startswith="/comments/")}
    assert set(told) == {world.lin_mei, world.zhao_lei}, "who is mentioned, and the head of the customer"
    assert "“Single source that nobody chose: LinenCo → Laundry: New linen”" in told[world.zhao_lei]
    hits = {
        who: [hit.kind for group in search(viewer=world.actor(getattr(world, who)), at=NOON, text="zeppelin")
              for hit in group.hits]
        for who in ("zhao_lei", "he_ping", "tom_reed")
    }  # fmt: skip
    assert hits == {"zhao_lei": ["comment"], "he_ping": [], "tom_reed": []}


def test_what_was_said_goes_and_comes_with_the_gap(world: World) -> None:
    gap, by = single_source(world), world.client(world.zhao_lei)
    by.post(f"/discussions/gap/{gap.subject}/", {"words": "Who else makes it?"})
    chosen = changes.judge_link(
        by=SYSTEM, at=NOON, link=world.linenco_laundry, spend=3, irreplaceability=3, impact=3,
        sourcing=Sourcing.CHOSEN, continuity_plan="Stock for ten days",
    )  # fmt: skip
    assert not reads(world, "lin_mei", gap.subject)
    assert by.get(f"/comments/{Comment.objects.get().public_id}/").status_code == 404
    changes.judge_link(by=SYSTEM, at=NOON, link=chosen, spend=3, irreplaceability=3, impact=3)
    assert reads(world, "lin_mei", gap.subject)


def test_a_pair_without_a_link_is_one_subject_and_no_log_gives_itself_away(world: World) -> None:
    subject = gap_subject(Detector.BYPASS, pair_key(world.pharmacy.public_id, world.stores.public_id))
    empty = f"/gaps/undeclared/{pair_key(world.pharmacy.public_id, world.stores.public_id)}/"
    # Sun Yan sees every party, and event logs not.
    before = world.client(world.sun_yan).get(empty)
    assert before.status_code == 200
    assert 'id="discussion"' not in before.content.decode()
    accept([("Pharmacy", "Stores")] * 3)
    after = world.client(world.sun_yan).get(empty)
    assert 'id="discussion"' not in after.content.decode(), "whether a log shows anything is not said"
    assert [who for who in ("lin_mei", "xu_jing", "he_ping", "sun_yan", "chen_jie") if reads(world, who, subject)] == [
        "lin_mei", "xu_jing", "he_ping",
    ]  # fmt: skip
    assert queries.subject_name(viewer=world.actor(world.xu_jing), kind="gap", public_id=subject) == "Pharmacy → Stores"


@pytest.mark.parametrize("subject", ["", "pair", "undeclared-2b3c4d5f6g7h8j9k-2b3c4d5f6g7h8j9k", "nothing-2b3c", "-x"])
def test_what_names_no_gap_is_none(subject: str) -> None:
    assert gap_of_subject(subject) is None


def test_every_gap_has_an_id_of_its_own_that_leads_back_to_it() -> None:
    for detector in Detector:
        key = "2b3c4d5f6g7h8j9k.2b3c4d5f6g7h8j9k"
        back = gap_of_subject(gap_subject(detector, key))
        assert back is not None
        assert back[1] == key
        assert len(gap_subject(detector, key)) <= 64


def test_programs_comment_on_gaps_as_people_do(world: World) -> None:
    gap, program = single_source(world), Program(token_for(world.zhao_lei))
    row = said(program.get(f"/gaps/accidental_single_source/{gap.key}"))
    assert row["record"] == gap.subject
    sent = {"kind": "gap", "record": row["record"], "words": "We asked two others."}
    assert program.call("POST", "/comments", sent).status_code == 201
    assert len(said(program.get(f"/comments?kind=gap&record={gap.subject}"))["rows"]) == 1
    assert Program(token_for(world.he_ping)).get(f"/comments?kind=gap&record={gap.subject}").status_code == 404
