"""Pages of signals as a browser sees them: list, export, one, what is said, bulk actions, who is told, the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import Client

from baton.core.health import checks
from baton.core.models import AuditEntry, Schedule
from baton.core.search import keeping
from baton.core.worker import Worker
from baton.monitoring import changes
from baton.monitoring.models import Run, Signal, SignalRule
from tests.api import Program, said, token_for
from tests.query_counts import queries_a_page
from tests.rooms.monitoring.bench import SYSTEM, Bench
from tests.rooms.monitoring.test_signals import AT, run, the_signal, weeks

if TYPE_CHECKING:
    from baton.core.models import Person
    from tests.world import World

LIST = "/monitoring/signals/"


@pytest.fixture
def linen(bench: Bench, world: World) -> Bench:
    """The waits of the laundry's linen treble in the last two weeks."""
    bench.put("log1", weeks(world.laundry_ward.measured_as, range(50, 52)))
    run()
    return bench


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def hidden(page: str) -> dict[str, str]:
    """What a form sends along."""
    return dict(re.findall(r'name="(version|submission)" value="([^"]*)"', page))


@pytest.mark.sqlite
def test_the_list_shows_who_should_look_and_what_chance_would_show(linen: Bench, world: World) -> None:
    page = text(world.client(world.lin_mei).get(LIST))
    for words in (
        "Laundry → Ward 3", "WE1: One point beyond 3 sigma", "2025-W52 – 2026-W01", "Zhao Lei", "New",
        "on 1 of 1 chart now", "by chance alone, if nothing had changed anywhere: about 0.0.", "h longer, 4 handoffs",
        "1 open signal holds when all charts are looked at together; of such, 5", "holds over all charts",
    ):  # fmt: skip
        assert words in page, words
    assert "No signal found" in text(world.client(world.lin_mei).get(LIST, {"show": "closed"}))
    assert "No signal yet" in text(world.client(world.ivy_stone).get(LIST))
    assert world.client(world.tom_reed).get(LIST).status_code == 403
    table = b"".join(world.client(world.lin_mei).get(f"{LIST}export/")).decode()  # type: ignore[arg-type]
    assert table.count("\r\n") == 1 + Signal.objects.count()
    rules = "WE1: One point beyond 3 sigma; WE2: 2 of 3 points beyond 2 sigma on the same side"
    assert f"Laundry → Ward 3,Waiting time,{rules},Worse,Strong,2025-12-22" in table


def test_a_signal_is_looked_at_explained_and_closed_on_its_pages(linen: Bench, world: World) -> None:
    client, place = world.client(world.zhao_lei), f"{LIST}{the_signal().public_id}/"
    page = text(client.get(place))
    for words in ("Signal opened", "The weeks around it", "2025-W52", "It holds when all charts", "Discussion"):
        assert words in page, words
    assert client.post(f"{place}see/", hidden(page)).status_code == 302
    assert the_signal().state == "seen"
    assert client.post(f"{place}see/", {"version": "1"}).status_code == 409, "somebody has answered since"

    form = text(client.get(f"{place}explain/"))
    refused = client.post(f"{place}explain/", hidden(form) | {"reason": " "})
    assert (refused.status_code, "Fill it in" in text(refused)) == (422, True)
    sent = hidden(form) | {"reason": "One <b>machine</b> broke"}
    assert client.post(f"{place}explain/", sent).headers["Location"] == place
    assert set(Signal.objects.values_list("state", flat=True)) == {"explained"}
    page = text(client.get(place))
    assert "Zhao Lei: One &lt;b&gt;machine&lt;/b&gt; broke" in page

    form = text(client.get(f"{place}close/"))
    client.post(f"{place}close/", hidden(form) | {"reason": "Repaired"})
    assert the_signal().closing == "person"
    assert "Closed" in text(client.get(place))
    assert client.get(f"{place}close/").status_code == 200
    assert client.post(f"{place}close/", hidden(form) | {"reason": "x", "submission": "2"}).status_code == 409
    for path in ("see", "explain", "close", "reopen", "give"):
        assert world.client(world.chen_jie).post(f"{place}{path}/", {"reason": "x"}).status_code == 403, path
        assert world.client(world.ivy_stone).post(f"{place}{path}/", {"reason": "x"}).status_code == 404, path
    assert world.client(world.ivy_stone).get(place).status_code == 404


def test_how_many_wait_is_kept_until_one_is_answered_or_given_away(linen: Bench, world: World) -> None:
    by, signals = world.actor(world.zhao_lei), list(Signal.objects.order_by("pk"))

    def waiting(person: Person) -> int:
        page = text(world.client(person).get("/me/"))
        line = re.search(rf'<a [^>]*href="{LIST}".*?</a>', page, re.DOTALL)
        assert line is not None
        shown = re.search(r'class="place-count">(\d+)<', line[0])
        return int(shown[1]) if shown is not None else 0

    for _again in range(2):
        assert (waiting(world.zhao_lei), waiting(world.gao_ming)) == (len(signals), 0)
    changes.give_signal(by=by, at=AT, signal=signals[0], person=world.gao_ming)
    assert (waiting(world.zhao_lei), waiting(world.gao_ming)) == (len(signals) - 1, 1)
    changes.see_signal(by=world.actor(world.gao_ming), at=AT, signal=Signal.objects.get(pk=signals[0].pk))
    assert (waiting(world.zhao_lei), waiting(world.gao_ming)) == (len(signals) - 1, 0)


def test_many_are_answered_at_once_and_the_new_owner_hears_once(linen: Bench, world: World) -> None:
    client = world.client(world.zhao_lei)

    def act(name: str, **given: str) -> None:
        rows = [f"{one.public_id}:{one.changed_seq}" for one in Signal.objects.all()]
        proposed = client.post("/lists/monitoring.signals/act/", {"act": name, "row": rows})
        assert proposed.status_code == 302, text(proposed)
        asked = text(client.get(proposed.headers["Location"]))
        assert "Laundry → Ward 3: Waiting time" in asked
        assert client.post(proposed.headers["Location"], given).status_code == 302

    act("give", person="Gao Ming", reason="")
    assert set(Signal.objects.values_list("owner", flat=True)) == {world.gao_ming.pk}
    told = AuditEntry.objects.filter(action="notification.sent").count()
    act("see")
    act("explain", reason="One machine")
    assert set(Signal.objects.values_list("state", "reason")) == {("explained", "One machine")}
    act("close", reason="Repaired")
    assert not Signal.objects.exclude(state="closed").exists()
    assert AuditEntry.objects.filter(action="notification.sent").count() == told
    assert "You are to look at signal S-" in text(world.client(world.gao_ming).get("/notifications/"))


@pytest.mark.sqlite
def test_who_is_told_is_said_on_a_page(world: World) -> None:
    place = f"{LIST}telling/"
    manager, chen = world.client(world.lin_mei), world.client(world.chen_jie)
    assert "No rule yet" in text(manager.get(place))
    manager.post(place, hidden(text(manager.get(place))) | {"severity": "strong", "role": "director", "person": ""})
    assert "Strong" in (page := text(manager.get(place)))
    assert "Director" in page
    both = manager.post(place, hidden(page) | {"role": "director", "person": "Lin Mei"})
    assert (both.status_code, "either a person or a role" in text(both)) == (422, True)
    assert "No rule yet" in (page := text(chen.get(place)))
    chen.post(place, hidden(page) | {"role": "director"})
    mine = SignalRule.objects.get(person=world.chen_jie)
    assert mine.role == "", "others are none of his business"
    page = text(chen.get(place))
    assert "All signals towards the worse" in page
    chen.post(f"{place}{mine.public_id}/withdraw/", {"version": str(mine.changed_seq)})
    assert "No rule yet" in text(chen.get(place))
    rule = SignalRule.objects.get(role="director")
    assert chen.post(f"{place}{rule.public_id}/withdraw/", {"version": str(rule.changed_seq)}).status_code == 404


@pytest.mark.sqlite
def test_as_many_queries_for_few_signals_as_for_many(bench: Bench, world: World) -> None:
    def counted(client: Client) -> dict[str, int]:
        one = the_signal(subject=world.laundry_ward.measured_as).public_id
        client.get(LIST)  # the count of gaps beside the pages is kept from then on
        return queries_a_page(client, [LIST, f"{LIST}{one}/", f"{LIST}export/", f"{LIST}telling/", "/monitoring/"])

    client = world.client(world.lin_mei)
    bench.put("log1", weeks(world.laundry_ward.measured_as, range(50, 52)))
    run()
    few = counted(client)
    for number, link in enumerate((world.pharmacy_ward, world.lab_ward, world.ward_laundry, world.linenco_laundry)):
        bench.put(f"log{number + 2}", weeks(link.measured_as, range(50, 52)))
    run()
    assert counted(client) == few
    assert max(few.values()) <= 41


def test_a_search_finds_signals_by_number_and_by_what_was_said(linen: Bench, world: World) -> None:
    signal = changes.explain_signal(
        by=world.actor(world.zhao_lei), at=AT, signal=the_signal(), reason="Spindle cracked"
    )  # fmt: skip
    keeping.follow(by=SYSTEM, at=AT)
    place, chen, ivy = f"{LIST}{signal.public_id}/", world.client(world.chen_jie), world.client(world.ivy_stone)
    assert chen.get("/search/", {"q": signal.number}).headers["Location"] == place
    assert place in text(chen.get("/search/", {"q": "spindle"}))
    for words in (signal.number, "spindle"):
        assert place not in text(ivy.get("/search/", {"q": words}))


def test_programs_list_answer_and_see_how_monitoring_is_doing(linen: Bench, world: World) -> None:
    program = Program(token_for(world.lin_mei))
    rows = said(program.get("/signals?severity=strong"))["rows"]
    assert [(row["rules"], row["state"], row["owner"]["name"]["en"]) for row in rows] == [
        (["WE1", "WE2"], "new", "Zhao Lei")
    ]
    one = rows[0]
    assert (one["holds"], one["handoffs"], one["began"]) == (True, 4, "2025-12-22")
    assert said(program.get("/signals?holds=true"))["rows"] == rows
    assert said(program.get("/signals/expected")) == {
        "charts": 1, "signals": 1, "expected": 0.025, "holding": 1, "level": 0.05,
    }  # fmt: skip
    answer = program.post(f"/signals/{one['id']}/explain", {"reason": "One machine", "version": one["version"]})
    assert (said(answer)["state"], said(answer)["reason"]) == ("explained", "One machine")
    stale = program.post(f"/signals/{one['id']}/close", {"reason": "Done", "version": one["version"]})
    assert (stale.status_code, stale.json()["theirs"]["state"]) == (409, "explained")
    assert said(program.get(f"/monitoring/links/{world.laundry_ward.public_id}/signals"))["rows"][0]["id"]
    assert said(program.get(f"/monitoring/links/{world.laundry_ward.public_id}/violations"))["rows"]
    state = said(program.get("/monitoring/state"))
    assert (state["open_signals"], state["runs"][0]["opened"], state["broken_sources"]) == (1, 1, 0)


def monitoring_in_health() -> tuple[str, bool]:
    """What somebody who is not signed in reads of monitoring, and whether it is a warning."""
    answer = Client().get("/health")
    assert answer.status_code == 200, "pages work without it"
    (finding,) = (one for one in answer.json()["findings"] if one["name"] == "monitoring")
    return finding["message"], finding["warning"]


@pytest.mark.sqlite
def test_health_says_in_a_word_how_monitoring_keeps_up(linen: Bench, world: World) -> None:
    assert monitoring_in_health() == ("waits for a worker", False)
    now = datetime.now(UTC)
    changes.refresh(by=SYSTEM, at=now)
    planned = {"job": changes.REFRESH_JOB, "rrule": "FREQ=MINUTELY", "next_at": now}
    job = Schedule.objects.create(**planned, last_ok_at=now - timedelta(minutes=5))
    assert monitoring_in_health() == ("up to date", False)
    linen.touch("log1")
    assert monitoring_in_health() == ("behind", True)
    Schedule.objects.filter(pk=job.pk).update(last_ok_at=now - timedelta(minutes=11))
    assert monitoring_in_health() == ("late", True)
    assert "No run has ended for more than ten minutes" in text(world.client(world.lin_mei).get("/monitoring/"))
    said = {one.name: one for one in checks(at=now, thorough=True)}["monitoring"]
    assert (said.warning, "baton worker" in said.message) == (True, True)


@pytest.mark.sqlite
def test_the_page_about_monitoring_says_what_runs_did_cost_and_why_one_failed(
    linen: Bench, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(world.wu_tao)
    page = text(client.get("/monitoring/"))
    for words in ("Last runs", "Took", "Time behind", "Open signals"):
        assert words in page, words
    (done,) = Run.objects.all()
    assert (done.sources, done.rows, done.subjects, done.computed, done.opened) == (1, 52, 1, 2, 1)
    assert done.last_seq > done.first_seq == 0 < done.seconds
    run()
    assert Run.objects.count() == 1, "a run that finds nothing to do leaves no row"

    def broken(**given: object) -> None:
        raise RuntimeError("about Wang Fang")

    linen.touch("log1")
    monkeypatch.setattr("baton.monitoring.changes.runs.measure_stale", broken)
    changes.ask_for_run(by=SYSTEM, at=datetime.now(UTC))
    Worker().drain(datetime.now(UTC))
    assert Run.objects.latest("pk").error.startswith("RuntimeError in ")
    assert monitoring_in_health() == ("failed", True)
    page = text(client.get("/monitoring/"))
    assert "Wang Fang" not in page


@pytest.mark.sqlite
def test_the_first_page_shows_what_one_is_to_look_at(linen: Bench, world: World) -> None:
    page = text(world.client(world.zhao_lei).get("/"))
    assert "Signals that I am to look at" in page
    assert f"{LIST}{the_signal().public_id}/" in page
    assert "Signals that I am to look at" not in text(world.client(world.lin_mei).get("/"))
    changes.explain_signal(by=world.actor(world.zhao_lei), at=AT, signal=the_signal(), reason="One machine")
    assert "Signals that I am to look at" not in text(world.client(world.zhao_lei).get("/"))


def test_the_page_of_a_link_shows_its_signals_and_what_was_said(linen: Bench, world: World) -> None:
    changes.explain_signal(by=world.actor(world.zhao_lei), at=AT, signal=the_signal(), reason="One machine broke")
    place = f"/links/{world.laundry_ward.public_id}/"
    page = text(world.client(world.chen_jie).get(place))
    assert f"{LIST}{the_signal().public_id}/" in page
    assert "Zhao Lei: One machine broke" in page
    other = text(world.client(world.chen_jie).get(f"/links/{world.pharmacy_ward.public_id}/"))
    assert the_signal().number not in other
