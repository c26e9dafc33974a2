"""Pages of named grades: the sheet without script, what stands on its first page, results, export, search, studies."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core.models import Notification
from baton.feedback.changes import grade_rounds as rounds
from baton.feedback.models.grades import DepartmentGrade, GradeRound
from baton.feedback.rules.grades import Grade, Said
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.graded import LATE, graded, replied, round_closed, round_opened, row
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def _page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def _sheet(client: Client, address: str, **values: str) -> dict[str, str]:
    """What a browser would send of a sheet: also the versions that it shows."""
    page = client.get(address).content.decode()
    seen = re.findall(r'<input type="hidden" name="(\w+__seen)" value="(\d+)"', page)
    return filled(client, address, **dict(seen), **values)


def test_a_round_is_opened_and_ended_on_pages(world: World) -> None:
    client = world.client(world.lin_mei)
    assert "No round yet" in _page(client, "/surveys/grades/")
    new = "/surveys/grades/new/"
    sent = {"title_en": "First quarter", "began_on": "2026-01-01", "until_on": "2026-03-31",
            "closes_on": (datetime.now(UTC) + timedelta(days=3)).date().isoformat()}  # fmt: skip
    assert client.post(new, filled(client, new, **sent)).status_code == 302
    round = GradeRound.objects.get()
    address = f"/surveys/grades/{round.public_id}/"
    page = _page(client, address)
    assert "0 of 3" in page
    assert "Wang Fang" in page
    later = (round.closes_on + timedelta(days=3)).isoformat()
    assert client.post(f"{address}move/", filled(client, f"{address}move/", closes_on=later)).status_code == 302
    assert client.post(f"{address}close/", filled(client, f"{address}close/", reason="Done")).status_code == 302
    round.refresh_from_db()
    assert (round.closes_on.isoformat(), round.state, round.ended_because) == (later, "closed", "Done")
    assert "It is being worked out" in _page(client, address)
    again = "/surveys/grades/new/"
    refused = client.post(again, filled(client, again, **sent))
    assert refused.status_code == 422
    assert round.number in refused.content.decode()


def test_a_head_finds_his_sheet_reads_first_who_will_read_it_and_gives_his_grades(world: World) -> None:
    round, client = round_opened(world), world.client(world.wang_fang)
    sheet = f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/"
    assert sheet in _page(client, "/surveys/grades/")
    page = _page(client, sheet)
    for said in ("This stands beside your name", "Wang Fang", "the quality manager and the director", "audit trail"):
        assert said in page
    linen, doses = row(round, world.ward, world.laundry), row(round, world.ward, world.pharmacy)
    sent = {
        f"{linen.public_id}__grade": "E", f"{linen.public_id}__reason": "Late", f"{doses.public_id}__grade": "N",
    }  # fmt: skip
    refused = client.post(sheet, _sheet(client, sheet, **sent))
    assert refused.status_code == 422
    words = unescape(refused.content.decode())
    assert words.count("Name one event that can be looked up.") >= 1
    assert "Late" in words
    assert not DepartmentGrade.objects.exclude(grade="").exists()
    sent |= {f"{linen.public_id}__fact": "No linen", f"{linen.public_id}__happened_on": "2026-02-09"}
    assert client.post(sheet, _sheet(client, sheet, **sent)).status_code == 302
    assert {one.supplier.name["en"]: one.grade for one in DepartmentGrade.objects.exclude(grade="")} == {
        "Laundry": "E", "Pharmacy": "N",
    }  # fmt: skip


def test_a_sheet_that_somebody_changed_meanwhile_shows_both(world: World) -> None:
    round, client = round_opened(world), world.client(world.wang_fang)
    sheet = f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/"
    linen = row(round, world.ward, world.laundry)
    stale = _sheet(client, sheet, **{f"{linen.public_id}__grade": "A"})
    graded(world, world.zhou_min, linen, LATE)
    answer = client.post(sheet, stale)
    assert answer.status_code == 409
    assert "Now stands: D – poor" in unescape(answer.content.decode())
    linen.refresh_from_db()
    assert linen.grade == "D"


@pytest.mark.parametrize(
    ("field", "value"),
    [("grade", "Z"), ("happened_on", "yesterday"), ("handoff", "2b3c4d5f6g7h8j9k"), ("reason", "x" * 1_001),
     ("grade", "A\x00")],
)  # fmt: skip
def test_bad_input_is_refused_beside_its_field_and_nothing_is_kept(world: World, field: str, value: str) -> None:
    round, client = round_opened(world), world.client(world.wang_fang)
    sheet = f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/"
    linen, doses = row(round, world.ward, world.laundry), row(round, world.ward, world.pharmacy)
    sent = {f"{linen.public_id}__grade": "C", f"{linen.public_id}__{field}": value, f"{doses.public_id}__grade": "A"}
    answer = client.post(sheet, _sheet(client, sheet, **sent))
    assert answer.status_code == 422
    assert f'id="id_{linen.public_id}__{field}_error"' in answer.content.decode()
    assert not DepartmentGrade.objects.exclude(grade="").exists()


@pytest.mark.parametrize("name", ["lin_mei", "he_jun", "zhao_lei", "chen_jie", "ivy_stone"])
def test_nobody_else_opens_the_sheet_of_a_department(world: World, name: str) -> None:
    round = round_opened(world)
    client = world.client(getattr(world, name))
    _page(client, f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/", 404)
    _page(client, f"/surveys/grades/given/{row(round, world.ward, world.laundry).public_id}/", 404)
    _page(client, f"/surveys/grades/about/{world.laundry.public_id}/", 404)


def test_the_head_of_the_whole_may_grade_for_a_department_and_sees_that_its_own_head_is_asked(world: World) -> None:
    round, client = round_opened(world), world.client(world.liu_yang)
    assert "Departments below yours" in _page(client, "/surveys/grades/")
    assert "its own head is asked" in _page(client, f"/surveys/grades/{round.public_id}/")
    assert not Notification.objects.filter(topic=rounds.OPENED_TOPIC, person=world.liu_yang).exists()
    assert "Laundry" in _page(client, f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/")


def test_results_are_counted_for_those_who_may_read_them(world: World) -> None:
    round = round_closed(world)
    address = f"/surveys/grades/{round.public_id}/"
    director = _page(world.client(world.he_jun), address)
    assert "few grades" in director
    assert "Late on most Mondays" in director
    assert "Not replied yet" in director
    own = _page(world.client(world.zhao_lei), address)
    assert "Late on most Mondays" in own
    assert "Pharmacy" not in own
    other = _page(world.client(world.xu_jing), address)
    assert "Late on most Mondays" not in other
    assert "Laundry" not in other
    assert "Nothing that you may read" in _page(world.client(world.chen_jie), address)
    about = f"/surveys/grades/about/{world.laundry.public_id}/"
    assert "No linen until 10:40" in _page(world.client(world.he_jun), about)
    _page(world.client(world.xu_jing), about, 404)
    _page(world.client(world.wang_fang), about, 404)


def test_a_reply_is_given_on_a_page_and_read_by_who_gave_the_grade(world: World) -> None:
    round = round_closed(world)
    linen = row(round, world.ward, world.laundry)
    address = f"/surveys/grades/given/{linen.public_id}/"
    client = world.client(world.zhao_lei)
    assert f"{address}reply/" in _page(client, address)
    sent = {"reply": "A second round at 14:00", "owner": "Gao Ming", "promised_for": datetime.now(UTC).date()}
    assert client.post(f"{address}reply/", filled(client, f"{address}reply/", **sent)).status_code == 302
    giver = world.client(world.wang_fang)
    assert "A second round at 14:00" in _page(giver, address)
    assert "A second round at 14:00" in _page(giver, f"/surveys/grades/{round.public_id}/for/{world.ward.public_id}/")
    _page(giver, f"{address}reply/", 403)


def test_the_export_holds_what_its_reader_may_read(world: World) -> None:
    round = round_closed(world)
    replied(world, row(round, world.ward, world.laundry))
    file = f"/surveys/grades/{round.public_id}/export.csv"
    whole = b"".join(world.client(world.he_jun).get(file)).decode()  # type: ignore[arg-type]
    assert whole.count("\r\n") == 6
    assert "Late on most Mondays" in whole
    own = b"".join(world.client(world.xu_jing).get(file)).decode()  # type: ignore[arg-type]
    assert own.count("\r\n") == 2
    assert "Late" not in own
    book = world.client(world.he_jun).get(f"{file}?format=xlsx")
    assert book.status_code == 200
    assert book.content[:2] == b"PK"
    living = round_opened(world, began_on=date(2026, 4, 1), until_on=date(2026, 6, 30))
    graded(world, world.wang_fang, row(living, world.ward, world.pharmacy), Said(Grade.B))
    nothing = b"".join(world.client(world.he_jun).get(f"/surveys/grades/{living.public_id}/export.csv")).decode()  # type: ignore[arg-type]
    assert nothing.count("\r\n") == 1


def test_guests_and_strangers_see_nothing(world: World) -> None:
    round = round_closed(world)
    grade = row(round, world.ward, world.laundry).public_id
    for address in ("", f"{round.public_id}/", f"{round.public_id}/export.csv", f"given/{grade}/", "new/"):
        assert world.client(world.tom_reed).get(f"/surveys/grades/{address}").status_code == 403
        assert world.client().get(f"/surveys/grades/{address}").status_code == 302


def test_what_waits_stands_in_the_navigation_and_rounds_are_found(world: World) -> None:
    from baton.core.registries import navigation

    round = round_opened(world)
    count = navigation.get("feedback.grades").count
    assert count is not None
    assert [count(world.actor(one)) for one in (world.wang_fang, world.zhao_lei, world.he_ping)] == [3, 1, 0]
    head = world.client(world.wang_fang)
    assert [_waiting(_page(head, "/me/")) for _time in range(2)] == ["3", "3"]
    with CaptureQueriesContext(connection) as asked:
        head.get("/me/")
    assert not [one for one in asked if "feedback_" in one["sql"]], "what has not changed is not counted again"
    graded(world, world.wang_fang, row(round, world.ward, world.laundry), Said(Grade.A))
    assert _waiting(_page(head, "/me/")) == "2"
    found = world.client(world.chen_jie).get(f"/search/?q={round.number}")
    assert found["Location"] == f"/surveys/grades/{round.public_id}/"


def test_studies_say_what_the_grades_do_not_carry_and_show_what_they_do(world: World) -> None:
    closed = round_closed(world)
    rounds.tend_grade_rounds(by=SYSTEM, at=datetime.now(UTC))
    page = _page(world.client(world.he_jun), f"/surveys/grades/{closed.public_id}/")
    assert "Take several waves together, or wait until more have rated." in page
    assert "before that nobody is to be suspected" in page
    for month in range(4, 10):
        living = round_opened(world, began_on=date(2026, month, 1), until_on=date(2026, month, 27))
        graded(world, world.wang_fang, row(living, world.ward, world.laundry), Said(Grade.A if month % 2 else Grade.B))
        graded(world, world.zhou_min, row(living, world.ward, world.pharmacy), LATE_OF[month % 2])
        graded(world, world.wang_fang, row(living, world.ward, world.laboratory), Said(Grade.B))
        last = rounds.close_grade_round(by=SYSTEM, at=datetime.now(UTC), round=living)
    rounds.tend_grade_rounds(by=SYSTEM, at=datetime.now(UTC))
    last.refresh_from_db()
    assert last.studies["rounds"] == 7
    assert "refused" in last.studies["raters"] or last.studies["raters"]["n"] >= 18
    page = _page(world.client(world.he_jun), f"/surveys/grades/{last.public_id}/")
    assert "Apart from whom they grade" in page
    assert "Apart from whom they grade" not in _page(world.client(world.zhao_lei), f"/surveys/grades/{last.public_id}/")


LATE_OF = (Said(Grade.B), Said(Grade.C))


def _waiting(page: str) -> str:
    """The number at the line of the grades."""
    line = re.search(r'<a href="/surveys/grades/"[^>]*>.*?</a>', page, re.DOTALL)
    assert line is not None
    found = re.search(r'<span class="place-count">(\d+)', line[0])
    return found[1] if found is not None else ""
