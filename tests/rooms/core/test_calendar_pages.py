"""Pages of calendars: made, filled with days that are shown first, counted by, exported, made the default, ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from baton.core import changes, queries
from baton.core.import_targets import import_targets
from baton.core.models import WorkCalendar
from tests.api import Program, token_for
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_pages import filled
from tests.rooms.core.test_calendars import MADE_UP, NATIONAL_DAY, office
from tests.rooms.imports.tables import checked, counts, entered, said
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

PASTED = "2026-10-01 holiday National Day\n2026-10-10 works like monday\n2026-02-30 holiday"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def hidden(shown: str) -> dict[str, str]:
    """The hidden inputs of the form that saves what was shown."""
    form = shown[shown.index("/days/save/") :]
    return {
        name: value.replace("&#x27;", "'")
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        if name != "csrfmiddlewaretoken"
    }


def test_a_calendar_from_making_to_ending(world: World) -> None:
    client = world.client(world.lin_mei)
    assert "No calendar yet" in page(client, "/calendars/")
    new = "/calendars/new/?pattern=nights"
    assert 'value="22:00-06:00"' in page(client, new)
    wrong = client.post(new, filled(client, new, name_en="Office", zone="Asia/Shanghai", hours_mon="9 to 5"))
    assert wrong.status_code == 422
    assert "Write opening and closing time with a dash between" in wrong.content.decode()
    made = client.post(new, filled(client, new, name_en="Office", zone="Asia/Shanghai", hours_mon="9-12, 13-17"))
    calendar = WorkCalendar.objects.get()
    own = f"/calendars/{calendar.public_id}/"
    assert made.headers["Location"] == f"{own}days/"
    assert (calendar.hours, calendar.is_default) == ({"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}, True)
    # what would change is shown; nothing is saved before
    shown = client.post(f"{own}days/", {"source": "paste", "paste-text": PASTED}).content.decode()
    assert "“2026-02-30” is not one" in shown
    assert "Works like Monday" in shown
    assert queries.days_of(viewer=SYSTEM, calendar=calendar) == []
    assert client.post(f"{own}days/save/", hidden(shown)).status_code == 302
    assert [str(one.day) for one in queries.days_of(viewer=SYSTEM, calendar=calendar)] == ["2026-10-01", "2026-10-10"]
    # the same sent again is carried out once; somebody was faster: both are shown, and what was typed stays
    stale = {**hidden(shown), "submission": "another"}
    answer = client.post(f"{own}days/save/", stale)
    assert answer.status_code == 409
    assert "Somebody changed this record" in answer.content.decode()
    said = page(client, f"{own}?year=2026&begin=2026-09-28T16:00&end=2026-10-12T10:00&amount=2&unit=h")
    assert "16.0\xa0h" in said  # an hour on 28 September, seven on 5 and, made up, on 10 October, one on the 12th
    assert "2026-10-05 10:00" in said
    assert "Works like Monday" in said
    out = {"day": "2026-10-10", "version": str(WorkCalendar.objects.get().changed_seq)}
    assert client.post(f"{own}days/take-out/", out).status_code == 302
    file = client.get(f"{own}days.ics")
    assert (file.headers["Content-Type"], b"DTSTART;VALUE=DATE:20261001" in file.content) == (
        "text/calendar; charset=utf-8", True
    )  # fmt: skip
    other = office("Nights")
    version = {"version": str(other.changed_seq)}
    assert client.post(f"/calendars/{other.public_id}/default/", version).status_code == 302
    ended = client.post(f"{own}end/", {"version": str(WorkCalendar.objects.get(pk=calendar.pk).changed_seq)})
    assert ended.status_code == 302
    assert "This calendar ended on" in page(client, own)


def test_a_country_and_a_file_are_shown_first(world: World) -> None:
    client, calendar = world.client(world.sun_yan), office(days=[MADE_UP])
    days = f"/calendars/{calendar.public_id}/days/"
    sent = {"source": "country", "country-country": "DE", "country-first": "2026", "country-last": "2026",
            "country-replace": "on"}  # fmt: skip
    shown = client.post(days, sent).content.decode()
    assert "goes" in shown  # the make-up day, which the law does not know
    assert client.post(f"{days}save/", hidden(shown)).status_code == 302
    found = queries.days_of(viewer=SYSTEM, calendar=calendar)
    assert (len(found), MADE_UP in found) == (9, False)
    none = client.post(days, {**sent, "country-subdivision": "Narnia"})
    assert (none.status_code, "Narnia" in none.content.decode()) == (422, True)
    exported = client.get(f"/calendars/{calendar.public_id}/days.ics").content
    again = client.post(days, {"source": "file", "file-file": SimpleUploadedFile("days.ics", exported)})
    assert "Nothing changes" in again.content.decode()
    broken = client.post(days, {"source": "file", "file-file": SimpleUploadedFile("days.ics", b"\x00")})
    assert (broken.status_code, "begins otherwise" in broken.content.decode()) == (422, True)


def test_everybody_reads_and_few_write(world: World) -> None:
    calendar = office(days=[NATIONAL_DAY])
    client, own = world.client(world.chen_jie), f"/calendars/{calendar.public_id}/"
    shown = page(client, f"{own}?year=2026")
    assert "National Day" in shown
    assert "Enter holidays" not in shown
    for path in ("edit/", "days/", "days/save/", "days/take-out/", "default/", "end/"):
        assert client.post(f"{own}{path}").status_code == 403, path
    assert world.client(world.tom_reed).get(own).status_code == 403
    assert page(client, f"{own}?year=99999&begin=x&end=2026-01-01T00:00&amount=-1").count("is not one") >= 1
    assert "after the begin" in page(client, f"{own}?begin=2026-01-02&end=2026-01-01")


def test_lists_ask_no_query_for_every_calendar(world: World) -> None:
    client = world.client(world.chen_jie)
    office("One", days=[NATIONAL_DAY])
    page(client, "/calendars/")
    few = queries_a_page(client, ["/calendars/"])
    for name in ("Two", "Three"):
        changes.set_days(by=SYSTEM, at=NOON, calendar=office(name), days=[MADE_UP])
    assert queries_a_page(client, ["/calendars/"]) == few


def test_days_come_and_go_as_a_table(world: World) -> None:
    """The table that is exported, imported again in Chinese, changes nothing; bad rows are named."""
    office("Office", days=[NATIONAL_DAY, MADE_UP])
    taken = list(import_targets.get("calendar_days").rows(SYSTEM, NOON))
    assert [row["day_kind"] for row in taken] == ["holiday", "make_up"]
    columns = import_targets.get("calendar_days").columns
    header = "\t".join(column.label("zh-hans") for column in columns)
    table = "\n".join([header, *("\t".join(row[column.name] for column in columns) for row in taken)])
    assert counts(checked("calendar_days", table)) == (0, 0, 2, 0)
    more = f"{table}\noffice\t2026-10-11\t补班\t周五\t国庆\nOffice\t2026-10-01\tHoliday\t\tof China"
    assert counts(checked("calendar_days", more)) == (0, 1, 2, 1)
    good = f"{header}\noffice\t2026-10-11\t补班\t周五\t国庆\nOffice\t2026-10-01\tHoliday\t\tof China"
    assert counts(entered("calendar_days", good)) == (0, 2, 0, 0)
    days = {
        str(one.day): (one.like, one.note)
        for one in queries.days_of(viewer=SYSTEM, calendar=WorkCalendar.objects.get())
    }
    assert (days["2026-10-11"], days["2026-10-01"]) == (("fri", "国庆"), ("", "of China"))
    rows = (
        "None\t2026-10-01\t\t\t", "Office\t2026-10-12\tMake-up day\tSunday\t", "Office\t2026-10-13\tHoliday\tMonday\t",
        "Office\t1950-01-01\t\t\t", "Office\t2026-02-30\t\t\t",
    )  # fmt: skip
    bad = checked("calendar_days", "\n".join([header, *rows]))
    assert [(row, column) for row, column, _text in said(bad)] == [
        (2, "工作日历"), (3, "按周几上班"), (4, "按周几上班"), (5, "日期"), (6, "日期")
    ]  # fmt: skip


def test_programs_read_count_and_set_days(world: World) -> None:
    calendar = office(days=[NATIONAL_DAY])
    reader = Program(token_for(world.chen_jie, "calendars:read"))
    listed = reader.call("GET", "/calendars").json()["rows"]
    assert [one["id"] for one in listed] == [calendar.public_id]
    own = f"/calendars/{calendar.public_id}"
    assert reader.call("GET", own).json()["days"] == [{"day": "2026-10-01", "like": "", "note": "National Day"}]
    span = "begin=2026-09-30T08:00:00Z&end=2026-10-02T02:00:00Z"
    assert reader.call("GET", f"{own}/business-time?{span}").json()["business_seconds"] == 7200
    for wrong in (
        "begin=2026-09-30T08:00:00Z&end=2026-09-29T08:00:00Z",
        "begin=0001-01-01T00:00:00Z&end=9999-12-31T23:59:59Z",
    ):
        assert reader.call("GET", f"{own}/business-time?{wrong}").status_code == 422
    body = {"days": [{"day": "2026-10-10", "like": "mon"}], "out": ["2026-10-01"], "version": calendar.changed_seq}
    assert reader.call("PATCH", f"{own}/days", body).status_code == 403
    writer = Program(token_for(world.lin_mei, "calendars:read", "calendars:write"))
    assert writer.call("PATCH", f"{own}/days", body).json()["days"] == [
        {"day": "2026-10-10", "like": "mon", "note": ""}
    ]
    assert writer.call("PATCH", f"{own}/days", body).status_code == 409
    guest = Program(token_for(world.lin_mei, "chain:read"))
    assert guest.call("GET", own).status_code == 403


def test_a_calendar_is_found(world: World) -> None:
    calendar = office("Early shift")
    address = f"/calendars/{calendar.public_id}/"
    assert address in page(world.client(world.chen_jie), "/search/?q=early")
    assert address not in world.client(world.tom_reed).get("/search/?q=early").content.decode()
