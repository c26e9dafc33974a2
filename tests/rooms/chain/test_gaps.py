"""Gaps of the chain: what each detector finds in the world and in a planted organisation, what people say to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from baton.chain import changes, queries
from baton.chain.models import GapAnswer, Output, Party
from baton.chain.queries.gap_detectors import Gap, pair_key
from baton.chain.queries.gaps import GapFilters, GapRow
from baton.chain.rules import Detector, GapReply, GapState, PartyKind, Responsible, Sourcing
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.models import Notification
from baton.core.queries import notification_text
from baton.core.worker import Worker
from baton_analysis.facts.events import EventMapping
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World

FIRST = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)


def rows(world: World, key: str = "lin_mei") -> list[GapRow]:
    return queries.gaps(viewer=world.actor(getattr(world, key)), at=NOON)


def found(world: World, detector: Detector, key: str = "lin_mei") -> list[GapRow]:
    return [row for row in rows(world, key) if row.gap.detector is detector]


def about(row: GapRow) -> list[str]:
    return [named.name["en"] for named in row.gap.about]


def names(world: World, detector: Detector) -> set[str]:
    return {about(row)[0] for row in found(world, detector)}


def party(name: str, kind: PartyKind = PartyKind.DEPARTMENT, parent: Party | None = None) -> Party:
    return changes.add_party(by=SYSTEM, at=BEGAN, party_kind=kind, name={"en": name}, parent=parent)


def link(supplier: Party, customer: Party, output: str = "Work") -> None:
    changes.add_link(by=SYSTEM, at=BEGAN, supplier=supplier, customer=customer, output={"en": output})


def accept(rows: list[tuple[str, str]], *, days: int = 1, name: str = "log.csv") -> None:
    """An accepted log in which work goes from the first to the second party of each row, ``days`` apart."""
    lines = ["case,time,activity,team"]
    for number, (supplier, customer) in enumerate(rows):
        at = FIRST + timedelta(days=number * days)
        lines.append(f"{name}{number},{at.isoformat()},give,{supplier}")
        lines.append(f"{name}{number},{(at + timedelta(hours=1)).isoformat()},take,{customer}")
    log = changes.bring_event_log(by=SYSTEM, at=NOON, file_name=name, chunks=["\n".join(lines).encode()])
    mapping = EventMapping(case="case", party="team", time="time", activity="activity", party_kind="department")
    log = changes.choose_columns(by=SYSTEM, at=NOON, log=log, zone="UTC", mapping=mapping)
    assert Worker().drain(NOON + timedelta(days=900)).failed == 0
    log.refresh_from_db()
    changes.accept_event_log(by=SYSTEM, at=NOON, log=log)


def test_the_world_has_these_gaps(world: World) -> None:
    by_detector = {detector: len(found(world, detector)) for detector in Detector if found(world, detector)}
    assert by_detector == {
        Detector.OUTPUT_WITHOUT_OWNER: 8,
        Detector.PARTY_WITHOUT_CUSTOMER: 2,
        Detector.PERSON_WITHOUT_CUSTOMER: 7,
        Detector.LINK_WITHOUT_NEED: 1,
        Detector.ACCIDENTAL_SINGLE_SOURCE: 2,
    }
    assert names(world, Detector.PARTY_WITHOUT_CUSTOMER) == {"Night shift", "Stores"}
    assert names(world, Detector.LINK_WITHOUT_NEED) == {"Towels"}
    # Without a party: those with organisation-wide roles, and the outsider. Liu Yang heads Nursing, whose ward serves.
    assert names(world, Detector.PERSON_WITHOUT_CUSTOMER) == {
        "Lin Mei", "Sun Yan", "He Jun", "Wu Tao", "Qian Li", "Ivy Stone", "He Ping",
    }  # fmt: skip


def test_an_output_has_one_owner(world: World) -> None:
    linen = Output.objects.get(name__en="Clean linen")
    changes.give_responsibility(
        by=SYSTEM, at=NOON, output=linen, party=world.laundry, responsible=Responsible.ACCOUNTABLE
    )
    changes.give_responsibility(by=SYSTEM, at=NOON, output=linen, party=world.ward, responsible=Responsible.INFORMED)
    assert "Clean linen" not in names(world, Detector.OUTPUT_WITHOUT_OWNER)
    assert found(world, Detector.OUTPUT_WITH_TWO_OWNERS) == []
    second = changes.give_responsibility(
        by=SYSTEM, at=NOON, output=linen, party=world.stores, responsible=Responsible.ACCOUNTABLE
    )
    (row,) = found(world, Detector.OUTPUT_WITH_TWO_OWNERS)
    assert about(row) == ["Clean linen", "Laundry", "Stores"]
    changes.end_responsibility(by=SYSTEM, at=NOON, responsibility=second)
    assert found(world, Detector.OUTPUT_WITH_TWO_OWNERS) == []


def test_what_serves_by_a_part_of_it_serves(world: World) -> None:
    link(world.night_shift, world.ward, "Report at seven")
    assert "Night shift" not in names(world, Detector.PARTY_WITHOUT_CUSTOMER)
    sister = party("Head nurse", PartyKind.ROLE, world.ward)
    party("Deputy head nurse", PartyKind.ROLE, sister)
    assert {"Head nurse", "Deputy head nurse"} <= names(world, Detector.PARTY_WITHOUT_CUSTOMER)
    link(sister, world.night_shift, "Roster")
    assert not {"Head nurse", "Deputy head nurse"} & names(world, Detector.PARTY_WITHOUT_CUSTOMER)
    alone = party("Archive")
    inside = party("Reading room", PartyKind.TEAM, alone)
    assert {"Archive", "Reading room"} <= names(world, Detector.PARTY_WITHOUT_CUSTOMER)
    link(inside, world.ward, "Files")
    assert not {"Archive", "Reading room"} & names(world, Detector.PARTY_WITHOUT_CUSTOMER)


def test_a_link_serves_somebody_outside_where_the_chain_leads_on(world: World) -> None:
    link(world.stores, world.laundry, "Towels in use")
    assert found(world, Detector.LINK_WITHOUT_NEED) == []
    kitchen, bakery = party("Kitchen"), party("Bakery")
    link(bakery, kitchen, "Bread")
    assert names(world, Detector.LINK_WITHOUT_NEED) == {"Bread"}
    need = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "Fresh bread"})
    changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=kitchen, customer=bakery, output={"en": "Orders"}, need=need
    )  # fmt: skip
    assert found(world, Detector.LINK_WITHOUT_NEED) == [], "bread leads on to the kitchen, which serves the need"
    changes.end_need(by=SYSTEM, at=NOON, need=need)
    assert names(world, Detector.LINK_WITHOUT_NEED) == {"Bread", "Orders"}


def test_what_a_part_or_a_whole_gets_serves_whom_the_whole_or_the_part_serves(world: World) -> None:
    day_shift = party("Day shift", PartyKind.SHIFT, world.ward)
    link(world.night_shift, day_shift, "Report at seven")
    chief = party("Chief nurse", PartyKind.ROLE, world.nursing)
    link(chief, world.nursing, "Training")
    archive = party("Archive")
    link(party("Scanner", PartyKind.WORKPLACE, archive), archive, "Scans")
    assert names(world, Detector.LINK_WITHOUT_NEED) == {"Towels", "Scans"}


def test_a_single_source_was_chosen_or_is_a_gap(world: World) -> None:
    assert names(world, Detector.ACCIDENTAL_SINGLE_SOURCE) == {"New linen", "Towels"}
    changes.judge_link(
        by=SYSTEM, at=NOON, link=world.linenco_laundry, spend=3, irreplaceability=3, impact=3,
        sourcing=Sourcing.CHOSEN, continuity_plan="Stock for ten days",
    )  # fmt: skip
    other = party("Towel House", PartyKind.OUTSIDE_SUPPLIER)
    link(other, world.stores, "Towels")
    assert found(world, Detector.ACCIDENTAL_SINGLE_SOURCE) == []


def test_a_single_source_inside_is_a_gap_where_somebody_calls_it_accidental(world: World) -> None:
    assert "Doses" not in names(world, Detector.ACCIDENTAL_SINGLE_SOURCE)
    grades = {"spend": None, "irreplaceability": None, "impact": None}
    changes.judge_link(by=SYSTEM, at=NOON, link=world.pharmacy_ward, sourcing=Sourcing.ACCIDENTAL, **grades)  # type: ignore[arg-type]
    assert world.pharmacy_ward.output.name["en"] in names(world, Detector.ACCIDENTAL_SINGLE_SOURCE)


def test_to_and_fro_is_no_circle_and_three_that_serve_each_other_are_one(world: World) -> None:
    link(world.ward, world.laboratory, "Specimens")
    assert found(world, Detector.CYCLE) == [], "ward and laundry, ward and laboratory: to and fro only"
    link(world.pharmacy, world.laboratory, "Reagents")
    link(world.laundry, world.pharmacy, "Coats")
    (row,) = found(world, Detector.CYCLE)
    assert set(about(row)) <= {"Ward 3", "Laboratory", "Laundry", "Pharmacy"}
    assert len(about(row)) >= 3
    assert row.gap.weight == 4
    page = world.client(world.lin_mei).get(f"/gaps/cycle/{row.gap.key}/").content.decode()
    links = queries.steps_of(viewer=world.actor(world.lin_mei), at=NOON, gap=row.gap)
    assert all(f"/links/{one.public_id}/" in page for _supplier, _customer, handed in links for one in handed)
    assert [handed for _supplier, _customer, handed in links if not handed] == []


def test_a_circle_is_found_also_where_every_line_goes_both_ways() -> None:
    from baton.chain.queries.graph import circle, customers_of, strong_components

    tree = customers_of([(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)])
    assert [sorted(one) for one in strong_components(tree)] == [[1, 2, 3, 4]]
    assert circle(tree, [1, 2, 3, 4]) == []
    ring = customers_of([(1, 2), (2, 1), (2, 3), (3, 2), (3, 1), (1, 3), (3, 4), (4, 3)])
    around = circle(ring, [1, 2, 3, 4])
    assert sorted(around) == [1, 2, 3]
    assert all(b in ring[a] for a, b in zip(around, [*around[1:], around[0]], strict=True))
    long = customers_of([(n, (n + 1) % 5000) for n in range(5000)])
    assert len(circle(long, range(5000))) == 5000


@pytest.fixture
def logged(world: World) -> World:
    """Laundry > Ward 3 as agreed, until 80 days before the end; Pharmacy > Stores eight times, without a link;
    Laboratory > Patient six times, past the ward; Laboratory > Ward 3 never."""
    accept(
        [("Laundry", "Ward 3")] * 4
        + [("Pharmacy", "Stores")] * 8
        + [("Laboratory", "Patient")] * 6
        + [("LinenCo", "Laundry")] * 70
    )
    return world


def test_event_logs_show_what_is_undeclared_missing_quiet_and_passed_by(logged: World) -> None:
    (undeclared,) = found(logged, Detector.UNDECLARED)
    assert (about(undeclared), undeclared.gap.weight) == (["Pharmacy", "Stores"], 8)
    assert undeclared.gap.first == FIRST + timedelta(days=4, hours=1)
    (bypass,) = found(logged, Detector.BYPASS)
    assert (about(bypass), bypass.gap.weight) == (["Laboratory", "Patient", "Ward 3"], 6)
    assert names(logged, Detector.MISSING) == {
        "Sorted used linen", "Doses", "Results", "Care", "Towels",
    }, "Infection control does not appear in the log, so nothing is said of its audits"  # fmt: skip
    (dead,) = found(logged, Detector.DEAD)
    assert (about(dead)[0], dead.gap.weight) == ("Clean linen", 84)


def test_the_comparison_of_one_log_and_the_gaps_agree(logged: World) -> None:
    from baton.chain.models import EventLog
    from baton.chain.queries.event_logs import comparison

    compared = comparison(viewer=SYSTEM, at=NOON, log=EventLog.objects.get()).counts()
    pairs = len(found(logged, Detector.UNDECLARED)) + len(found(logged, Detector.BYPASS))
    assert compared["undeclared"] == pairs
    assert compared["missing"] == len(found(logged, Detector.MISSING))
    assert compared["dead"] == len(found(logged, Detector.DEAD))


def pair(world: World, detector: Detector = Detector.UNDECLARED) -> Gap:
    return found(world, detector)[0].gap


def test_no_dealings_holds_until_the_data_disagree(logged: World) -> None:
    gap, manager = pair(logged), logged.actor(logged.lin_mei)
    changes.answer_gap(by=manager, at=NOON, gap=gap, reply=GapReply.NO_DEALINGS, reason="A stocktaking, once")
    (row,) = found(logged, Detector.UNDECLARED)
    assert (row.state, row.is_open) == (GapState.ANSWERED, False)
    accept([("Pharmacy", "Stores")] * 4, name="more.csv")
    assert found(logged, Detector.UNDECLARED)[0].state is GapState.ANSWERED, "12 instead of 8 is not much more"
    accept([("Pharmacy", "Stores")] * 9, name="much.csv")
    (row,) = found(logged, Detector.UNDECLARED)
    assert (row.state, row.is_open, row.gap.weight) == (GapState.BACK, True, 21)
    assert row in queries.chosen_gaps(viewer=manager, rows=rows(logged), filters=GapFilters())
    # An agreed way over a third party makes it a bypass; what was said to the pair still stands.
    link(logged.pharmacy, logged.laundry, "Coats")
    link(logged.laundry, logged.stores, "Coats")
    (row,) = [row for row in found(logged, Detector.BYPASS) if about(row)[0] == "Pharmacy"]
    assert row.answer is not None
    changes.answer_gap(by=manager, at=NOON, gap=row.gap, reply=GapReply.NO_DEALINGS, reason="Still none")
    assert GapAnswer.objects.filter(withdrawn=False).count() == 1


def test_a_gap_is_assigned_and_who_is_to_close_it_is_told(logged: World) -> None:
    gap, manager = pair(logged), logged.actor(logged.lin_mei)
    answer = changes.assign_gap(
        by=manager, at=NOON, gap=gap, person=logged.chen_jie, due_on=date(2026, 7, 1), reason="Please ask them"
    )
    (row,) = found(logged, Detector.UNDECLARED)
    assert (row.state, row.is_open) == (GapState.ASSIGNED, True)
    told = Notification.objects.get(person=logged.chen_jie)
    assert "Pharmacy → Stores" in notification_text(told)
    assert told.address == f"/gaps/undeclared/{gap.key}/"
    client = logged.client(logged.chen_jie)
    assert "Pharmacy handed work to Stores 8 times" in client.get("/").content.decode()
    assert "Please ask them" in client.get(told.address).content.decode()
    assert [row.gap.key for row in queries.assigned_gaps(viewer=logged.actor(logged.chen_jie), at=NOON)] == [gap.key]
    changes.withdraw_gap_answer(by=manager, at=NOON, gap=gap, answer=answer)
    assert found(logged, Detector.UNDECLARED)[0].state is GapState.OPEN
    assert client.get(told.address)["Location"] == "/gaps/", "no longer his, and not in his sight"


@pytest.mark.sqlite
def test_who_may_see_and_answer(logged: World) -> None:
    gap = pair(logged)
    sees = {"lin_mei": True, "he_jun": True, "wu_tao": True, "xu_jing": True, "he_ping": True, "wang_fang": False,
            "chen_jie": False, "sun_yan": False, "tom_reed": False}  # fmt: skip
    answers = {"lin_mei", "xu_jing", "he_ping"}
    for key, expected in sees.items():
        shown = found(logged, Detector.UNDECLARED, key)
        assert bool(shown) is expected, key
        assert all(row.may_answer is (key in answers) for row in shown), key
        actor = logged.actor(getattr(logged, key))
        if key not in answers:
            with pytest.raises(Forbidden):
                changes.answer_gap(by=actor, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason="x")
    with pytest.raises(Forbidden):
        changes.assign_gap(by=Actor(None), at=NOON, gap=gap, person=logged.chen_jie)
    # A member sees what concerns his parties, and answers nothing.
    mine = found(logged, Detector.OUTPUT_WITHOUT_OWNER, "chen_jie")
    assert {about(row)[0] for row in mine} == {"Care", "Sorted used linen"}
    assert not any(row.may_answer for row in mine)


def test_answers_are_refused_that_say_nothing(logged: World) -> None:
    gap, manager = pair(logged), logged.actor(logged.lin_mei)
    other = found(logged, Detector.MISSING)[0].gap
    with pytest.raises(Refused, match="reason"):
        changes.answer_gap(by=manager, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason=" \u200b ")
    with pytest.raises(Refused, match="no link"):
        changes.answer_gap(by=manager, at=NOON, gap=other, reply=GapReply.NO_DEALINGS, reason="x")
    with pytest.raises(Refused, match="200"):
        changes.answer_gap(by=manager, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason="x" * 201)
    with pytest.raises(Refused, match="2026-05-31"):
        changes.assign_gap(by=manager, at=NOON, gap=gap, person=logged.chen_jie, due_on=date(2026, 5, 31))
    first = changes.answer_gap(by=manager, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason="Known")
    second = changes.answer_gap(
        by=manager, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason="Known well", expected_seq=first.changed_seq
    )
    with pytest.raises(Stale):
        changes.answer_gap(
            by=manager, at=NOON, gap=gap, reply=GapReply.ACCEPTED, reason="x", expected_seq=first.changed_seq
        )
    changes.withdraw_gap_answer(by=manager, at=NOON, gap=gap, answer=second)
    with pytest.raises(Stale):
        changes.assign_gap(
            by=manager, at=NOON, gap=gap, person=logged.chen_jie, expected_seq=second.changed_seq
        )  # fmt: skip


def test_two_parties_without_a_link_are_answered_beforehand(world: World) -> None:
    key = pair_key(world.pharmacy.public_id, world.stores.public_id)
    manager = world.actor(world.lin_mei)
    row = queries.gap(viewer=manager, at=NOON, detector="undeclared", key=key)
    assert row is not None
    page = world.client(world.lin_mei).get(f"/gaps/undeclared/{key}/").content.decode()
    assert "Two parties without a link" in page
    assert "Work handed over without a link" not in page
    changes.answer_gap(by=manager, at=NOON, gap=row.gap, reply=GapReply.NO_DEALINGS, reason="Never met")
    assert queries.answers_about_pairs(viewer=manager, at=NOON)[key].reason == "Never met"
    accept([("Pharmacy", "Stores")] * 5)
    assert found(world, Detector.UNDECLARED)[0].state is GapState.BACK
    linked = pair_key(world.laundry.public_id, world.ward.public_id)
    assert queries.gap(viewer=manager, at=NOON, detector="undeclared", key=linked) is None
    assert queries.gap(viewer=world.actor(world.chen_jie), at=NOON, detector="undeclared", key=key) is None


def test_the_page_shows_filters_and_exports(logged: World) -> None:
    client = logged.client(logged.lin_mei)
    page = client.get("/gaps/").content.decode()
    assert "Pharmacy handed work to Stores 8 times, and there is no link." in page
    assert "Laboratory handed work straight to Patient 6 times, while the links lead over Ward 3." in page
    only = client.get("/gaps/?detector=bypass").content.decode()
    assert "Patient 6 times" in only
    assert "Stores 8 times" not in only
    gap = pair(logged)
    sent = {"person": logged.xu_jing.public_id, "due_on": "2099-07-01", "reason": "=cmd"}
    assert client.post(f"/gaps/undeclared/{gap.key}/assign/", sent).status_code == 302
    exported = b"".join(client.get("/gaps/export.csv?show=all&detector=undeclared")).decode()
    assert "2099-07-01,'=cmd" in exported
    assert client.get("/gaps/?show=assigned").content.decode().count("Nothing is assigned to you") == 1
    theirs = logged.client(logged.xu_jing).get("/gaps/?show=assigned").content.decode()
    assert "Stores 8 times" in theirs
    assert "No gap was answered yet" in client.get("/gaps/?show=answered").content.decode()
    answer = GapAnswer.objects.get(withdrawn=False)
    sent = {"reply": "accepted", "reason": "Known", "version": str(answer.changed_seq)}
    assert client.post(f"/gaps/undeclared/{gap.key}/answer/", sent).status_code == 302
    assert "Known" in client.get("/gaps/?show=answered").content.decode()
    assert client.post(f"/gaps/undeclared/{gap.key}/withdraw/", {}).status_code == 409, (
        "nobody knows what it takes back"
    )
    sent = {"version": str(GapAnswer.objects.get(withdrawn=False).changed_seq)}
    assert client.post(f"/gaps/undeclared/{gap.key}/withdraw/", sent).status_code == 302
    assert not GapAnswer.objects.filter(withdrawn=False).exists()
    assert client.get("/gaps/cycle/nonsense/")["Location"] == "/gaps/"


def test_the_navigation_says_how_many_wait_for_the_reader(logged: World) -> None:
    total = sum(row.is_open for row in rows(logged))
    assert f'<span class="place-count">{total}<' in logged.client(logged.lin_mei).get("/me/").content.decode()
    assert "place-count" not in logged.client(logged.chen_jie).get("/me/").content.decode()


@pytest.mark.sqlite
@pytest.mark.slow
def test_as_many_queries_for_many_gaps_as_for_few(logged: World) -> None:
    client = logged.client(logged.lin_mei)
    addresses = ["/gaps/", "/gaps/export.csv", f"/gaps/undeclared/{pair(logged).key}/"]

    def grow(numbers: range) -> None:
        for n in numbers:
            made = party(f"Unit {n}")
            link(made, logged.stores, f"Item {n}")
            party(f"Team {n}", PartyKind.TEAM, made)
        accept([(f"Unit {n}", "Patient") for n in numbers], name=f"log{numbers.start}.csv")

    grow(range(2))
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    grow(range(2, 12))
    assert queries_a_page(client, addresses) == few
    assert max(few.values()) <= 40, few
