"""The panel of a link, starting a phase, and the page about monitoring, as a browser sees them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from baton.core import registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry
from baton.core.registries import Subject
from baton.core.worker import Worker
from baton.monitoring import changes, queries
from baton.monitoring.models import PhaseStart, StaleSubject, StoredMeasure
from baton.monitoring.panels import CHARTS
from baton.monitoring.rules import RETURN_RATE, WAITING_TIME
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, handover, monday, year

if TYPE_CHECKING:
    from tests.world import World

PANEL = "/monitoring/panel/bench_link/one/"
SUBJECT = Subject("bench_link", "one", "a>b")


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.django_db
def test_the_panel_shows_both_charts_with_what_they_rest_on(link: Bench, world: World) -> None:
    link.put("log1", year("a>b", seed=1, worse_from=30))
    changes.refresh(by=SYSTEM, at=AT)
    page = text(world.client(world.wang_fang).get(PANEL))
    assert "Weekly median wait" in page
    assert "Weekly return rate" in page
    assert "WE1: One point beyond 3 sigma" in page
    assert "from event logs and handoffs up to the week that ends on 4 Jan 2026" in page
    assert "version " in page
    assert "2025-W32" in page, "the table behind the picture"
    assert "n = 260" in page, "all handovers stand behind the share of all weeks"
    assert "95 % interval" in page
    assert "start a new phase" not in page, "that is for the quality manager"
    assert "N1:" not in page
    nelson = text(world.client(world.wang_fang).get(PANEL, {"rules": "nelson"}))
    assert "N1: One point beyond 3 sigma" in nelson
    assert "WE1:" not in nelson
    odd = text(world.client(world.wang_fang).get(PANEL, {"rules": "<script>"}))
    assert "WE1:" in odd
    assert "<script>" not in odd


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "?rules=nelson", "phase/"])
def test_who_may_not_see_the_object_sees_no_panel(link: Bench, world: World, path: str) -> None:
    link.put("log1", year("a>b", seed=1))
    changes.refresh(by=SYSTEM, at=AT)
    stranger = world.client().get(PANEL + path)
    assert stranger.status_code == 302
    assert stranger.headers["Location"].startswith("/accounts/")
    for person in (world.ivy_stone, world.tom_reed, world.chen_jie, world.sun_yan, world.wu_tao):
        response = world.client(person).get(PANEL + path)
        assert response.status_code == 404
        assert "Weekly" not in text(response)
    assert world.client(world.lin_mei).get(PANEL + path).status_code == 200
    for other in ("two", "three"):
        assert world.client(world.lin_mei).get(f"/monitoring/panel/bench_link/{other}/").status_code == 404
    assert world.client(world.lin_mei).get("/monitoring/panel/person/one/").status_code == 404


@pytest.mark.django_db
def test_the_panel_that_other_pages_embed_is_guarded_too(link: Bench, world: World) -> None:
    request = RequestFactory().get("/links/one/")
    request.actor = world.actor(world.chen_jie)  # type: ignore[attr-defined]
    assert CHARTS.context(request, SUBJECT) is None
    request.actor = world.actor(world.wang_fang)  # type: ignore[attr-defined]
    assert CHARTS.context(request, SUBJECT) is not None
    with pytest.raises(NotFound):
        queries.results_of(viewer=world.actor(world.chen_jie), subject=SUBJECT)


@pytest.mark.django_db
def test_an_empty_panel_teaches(link: Bench, world: World) -> None:
    page = text(world.client(world.wang_fang).get(PANEL))
    assert "Nothing measured yet" in page
    assert "accepted event log" in page


@pytest.mark.sqlite
@pytest.mark.django_db
def test_queries_of_a_panel_do_not_grow_with_the_weeks(
    link: Bench, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = world.actor(world.wang_fang)
    for weeks in (5, 200):
        link.put("log1", year("a>b", seed=1, worse_from=30, weeks=weeks))
        changes.refresh(by=SYSTEM, at=AT)
        with django_assert_num_queries(4):
            queries.results_of(viewer=viewer, subject=SUBJECT)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_days_hours_or_minutes_as_suits_the_waits(link: Bench, world: World) -> None:
    client = world.client(world.wang_fang)
    for wait, unit in ((30.0, "s"), (1800.0, "min"), (4 * 3600.0, "h"), (5 * 86400.0, "d")):
        link.put("log1", [handover("a>b", week, wait) for week in range(10)])
        changes.refresh(by=SYSTEM, at=AT)
        assert f'<span class="unit">{unit}</span>' in text(client.get(PANEL))


@pytest.mark.django_db
def test_a_quality_manager_starts_a_phase_and_the_worker_computes_it(link: Bench, world: World) -> None:
    link.put("log1", year("a>b", seed=1, worse_from=30))
    changes.refresh(by=SYSTEM, at=AT)
    form = {"measure": WAITING_TIME, "day": "2025-08-06", "reason": "New <b>washing</b> machine"}
    client = world.client(world.lin_mei)
    assert "start a new phase" in text(client.get(PANEL))
    response = client.post(f"{PANEL}phase/", form)
    assert (response.status_code, response.headers["Location"]) == (302, "/bench/one/")

    phase = PhaseStart.objects.get()
    assert (phase.week, phase.declared_by) == (monday(30), world.lin_mei)
    entry = AuditEntry.objects.get(action="phase.started")
    assert (entry.object_id, entry.actor) == (phase.public_id, world.lin_mei.public_id)
    before = StoredMeasure.objects.get(name=WAITING_TIME)
    assert before.result["phase_weeks"] == [], "the web process computes nothing"

    Worker().drain(AT)
    after = StoredMeasure.objects.get(name=WAITING_TIME)
    assert after.result["phase_weeks"] == [monday(30)]
    assert after.result["centre"][29] < 4000 < 10_000 < after.result["centre"][30]
    assert after.health == "in_control"
    assert StoredMeasure.objects.get(name=RETURN_RATE).result["phase_weeks"] == []
    assert not StaleSubject.objects.exists()
    page = text(client.get(PANEL))
    assert "New &lt;b&gt;washing&lt;/b&gt; machine" in page
    assert "<b>washing" not in page

    incremental = list(StoredMeasure.objects.order_by("name").values("input_digest", "result"))
    changes.rebuild(by=SYSTEM, at=AT)
    assert list(StoredMeasure.objects.order_by("name").values("input_digest", "result")) == incremental


@pytest.mark.django_db
def test_a_phase_that_is_started_while_a_run_is_at_work_is_not_lost(link: Bench, world: World) -> None:
    link.put("log1", year("a>b", seed=1, worse_from=30))
    changes.refresh(by=SYSTEM, at=AT)
    link.put("log1", year("a>b", seed=2, worse_from=30))

    def meanwhile(done: int, total: int, note: str = "") -> None:
        if note == "":
            changes.start_phase(
                by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, measure=WAITING_TIME, day=date(2025, 8, 6),
                reason="new machine",
            )  # fmt: skip

    changes.refresh(by=SYSTEM, at=AT, progress=meanwhile)
    assert StoredMeasure.objects.get(name=WAITING_TIME).result["phase_weeks"] == []
    changes.refresh(by=SYSTEM, at=AT)
    assert StoredMeasure.objects.get(name=WAITING_TIME).result["phase_weeks"] == [monday(30)]
    assert not StaleSubject.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"day": "2025-01-08"}, "must begin after the first"),
        ({"day": "2030-01-01"}, "must begin after the first"),
        ({"day": "soon"}, "Enter a valid date"),
        ({"reason": ""}, "Nothing was entered. Fill it in."),
        ({"reason": "\u200b \u202e"}, "Nothing was entered. Fill it in."),
        ({"measure": "speed"}, "One of the choices was expected"),
    ],
)
def test_a_phase_that_makes_no_sense_is_refused_and_the_form_kept(
    link: Bench, world: World, said: dict[str, str], message: str
) -> None:
    link.put("log1", year("a>b", seed=1))
    changes.refresh(by=SYSTEM, at=AT)
    form = {"measure": WAITING_TIME, "day": "2025-08-06", "reason": "new machine"} | said
    response = world.client(world.lin_mei).post(f"{PANEL}phase/", form)
    assert response.status_code == 422
    assert message in text(response)
    assert not PhaseStart.objects.exists()


@pytest.mark.django_db
def test_a_phase_begins_once_and_only_by_the_quality_manager(link: Bench, world: World) -> None:
    link.put("log1", year("a>b", seed=1))
    changes.refresh(by=SYSTEM, at=AT)
    said = {"subject": SUBJECT, "measure": WAITING_TIME, "day": date(2025, 8, 6), "reason": "new machine"}
    for person in (world.wang_fang, world.chen_jie, world.sun_yan):
        with pytest.raises(Forbidden):
            changes.start_phase(by=world.actor(person), at=AT, **said)
    by: Actor = world.actor(world.lin_mei)
    changes.start_phase(by=by, at=AT, **said)
    with pytest.raises(Refused, match="begins in this week already"):
        changes.start_phase(by=by, at=AT, **(said | {"day": date(2025, 8, 10)}))
    assert PhaseStart.objects.count() == 1


WITHDRAWAL = {"why": "entered on the wrong chart"}


@pytest.fixture
def begun(link: Bench, world: World) -> PhaseStart:
    """A phase that holds and is measured."""
    link.put("log1", year("a>b", seed=1, worse_from=30))
    changes.refresh(by=SYSTEM, at=AT)
    said = {"subject": SUBJECT, "measure": WAITING_TIME, "day": date(2025, 8, 6), "reason": "new machine"}
    phase = changes.start_phase(by=world.actor(world.lin_mei), at=AT, **said)  # type: ignore[arg-type]
    changes.refresh(by=SYSTEM, at=AT)
    return phase


def withdrawal(page: str) -> dict[str, str]:
    """What the form on a page of withdrawal sends along."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "submission")}  # type: ignore[index]


@pytest.mark.django_db
def test_a_phase_is_withdrawn_and_the_chart_is_as_before(begun: PhaseStart, world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"{PANEL}phase/{begun.public_id}/withdraw/"
    assert address in text(client.get(PANEL))
    assert StoredMeasure.objects.get(name=WAITING_TIME).result["phase_weeks"] == [monday(30)]
    page = text(client.get(address))
    assert "new machine" in page
    sent = WITHDRAWAL | withdrawal(page)
    for _twice in range(2):
        response = client.post(address, sent)
        assert (response.status_code, response.headers["Location"]) == (302, "/bench/one/")
    entry = AuditEntry.objects.get(action="phase.withdrawn")
    assert (entry.object_id, entry.actor) == (begun.public_id, world.lin_mei.public_id)
    assert "entered on the wrong chart" in entry.body

    Worker().drain(AT)
    after = StoredMeasure.objects.get(name=WAITING_TIME)
    assert (after.result["phase_weeks"], after.health) == ([], "signal")
    panel = text(client.get(PANEL))
    assert "Withdraw 2025-W32" not in panel
    assert "2025-W32 · entered on the wrong chart" in panel, "what was said is not lost"
    assert queries.said_ever(viewer=SYSTEM, measured_as="a>b") == [begun.public_id], "the history keeps it"
    again = client.post(address, WITHDRAWAL | {"version": sent["version"], "submission": "another"})
    assert again.status_code == 422
    assert "withdrawn already" in text(again)
    changes.start_phase(
        by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, measure=WAITING_TIME, day=date(2025, 8, 6), reason="yes"
    )
    assert PhaseStart.objects.filter(withdrawn_at=None).count() == 1, "the week is free again"


@pytest.mark.django_db
def test_a_withdrawal_needs_a_reason_the_version_seen_and_the_right(begun: PhaseStart, world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"{PANEL}phase/{begun.public_id}/withdraw/"
    sent = withdrawal(text(client.get(address)))
    assert client.post(address, sent).status_code == 422
    stale = client.post(address, WITHDRAWAL | sent | {"version": str(int(sent["version"]) - 1)})
    assert stale.status_code == 409
    assert client.post(address, WITHDRAWAL).status_code == 422, "nobody can tell what was seen"
    assert world.client(world.wang_fang).post(address, WITHDRAWAL | sent).status_code == 403
    assert world.client(world.chen_jie).post(address, WITHDRAWAL | sent).status_code == 404
    assert client.get(f"{PANEL}phase/nothing/withdraw/").status_code == 404
    with pytest.raises(NotFound):
        changes.withdraw_phase(
            by=world.actor(world.lin_mei), at=AT, subject=Subject("bench_link", "one", "x>y"), phase=begun, reason="no"
        )
    assert not PhaseStart.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.django_db
def test_the_panel_says_how_far_the_logs_reach_and_since_when_a_link_is_silent(link: Bench, world: World) -> None:
    link.put("log1", [*year("a>b", seed=1, weeks=30), *year("c>d", seed=2)])
    changes.refresh(by=SYSTEM, at=AT)
    page = text(world.client(world.wang_fang).get(PANEL))
    assert "The event logs reach up to 30 Dec 2025." in page
    assert page.count("No handoffs since 2025-W31") == 2, "both charts say so"
    assert "In control" not in page


@pytest.mark.django_db
def test_a_broken_log_is_named_on_the_page_with_what_to_do_and_its_figures_marked(
    link: Bench, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link.put("log1", year("a>b", seed=1))
    changes.refresh(by=SYSTEM, at=AT)
    monkeypatch.setattr(link, "build", lambda source: (link.folder / f"{source}.gone").read_bytes())
    registries.fact_builders = registries.Registry("fact builder")
    link.register()
    link.touch("log1")
    changes.refresh(by=SYSTEM, at=AT)
    for person in (world.lin_mei, world.wu_tao):
        page = text(world.client(person).get("/monitoring/"))
        for said in ("Cannot be read", "log1", "It is gone or cannot be opened.", "withdraw the event log",
                     "2 Mar 2026", "1 pair keeps its old figures"):  # fmt: skip
            assert said in page, said
    assert "These figures are old" in text(world.client(world.wang_fang).get(PANEL))


@pytest.mark.django_db
def test_weeks_that_differ_from_a_baseline_without_variation_are_marked_on_the_panel(link: Bench, world: World) -> None:
    rows = [
        handover("a>b", week, 60.0, returned=week == 24 and case < 3, case=case)
        for week in range(26)
        for case in range(15)
    ]
    link.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)
    page = text(world.client(world.wang_fang).get(PANEL))
    assert "None of 300 in the baseline" in page
    assert "Weeks that differ from a baseline without variation" in page
    assert "No limits yet" in page
    assert "WE1:" not in page


@pytest.mark.django_db
def test_the_page_about_monitoring(link: Bench, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client(world.lin_mei)
    empty = text(client.get("/monitoring/"))
    assert "No facts yet" in empty
    assert "No jobs planned" in empty
    link.put("log1", year("a>b", seed=1))
    Worker().drain(AT)
    changes.refresh(by=SYSTEM, at=AT)
    page = text(client.get("/monitoring/"))
    assert "Bring charts up to date" in page
    assert "handovers" in page
    assert ">260<" in page
    assert "2 Mar 2026" in page


@pytest.mark.django_db
def test_who_looks_after_monitoring_sees_its_page(link: Bench, world: World) -> None:
    for person in (world.lin_mei, world.sun_yan, world.wu_tao):
        response = world.client(person).get("/monitoring/")
        assert response.status_code == 200
        assert ('action="/monitoring/refresh/"' in text(response)) is (person is not world.wu_tao)
    for person in (world.wang_fang, world.he_jun, world.ivy_stone, world.tom_reed, world.qian_li):
        assert world.client(person).get("/monitoring/").status_code == 403
        assert world.client(person).post("/monitoring/refresh/").status_code == 403
    assert world.client(world.wu_tao).post("/monitoring/refresh/").status_code == 403
    assert world.client().get("/monitoring/").status_code == 302
    assert world.client(world.lin_mei).get("/monitoring/refresh/").status_code == 405


@pytest.mark.django_db
def test_a_run_is_asked_for_by_hand(link: Bench, world: World) -> None:
    link.put("log1", year("a>b", seed=1))
    assert world.client(world.lin_mei).post("/monitoring/refresh/").status_code == 302
    assert Worker().drain(AT).runs == 1
    assert StoredMeasure.objects.count() == 2


@pytest.mark.sqlite
@pytest.mark.django_db
def test_queries_of_the_page_about_monitoring_do_not_grow(
    link: Bench, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = world.actor(world.lin_mei)
    for number in (1, 20):
        for one in range(number):
            link.put(f"log{one}", year(f"a{one}>b", seed=one, weeks=10))
        changes.refresh(by=SYSTEM, at=AT)
        with django_assert_num_queries(12):
            queries.state(viewer=viewer, at=AT)
