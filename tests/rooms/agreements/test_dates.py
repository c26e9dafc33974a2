"""Terms and reviews as dates: on a page, as a file, at an address of one’s own; told once when they are due."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements import changes
from baton.core import changes as core
from baton.core.models import AuditEntry, CalendarFeed, Notification
from tests.rooms.agreements.made import LINEN, drafted, in_force, terms
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion

DAY = NOON.date()
AHEAD = datetime.now(UTC).date() + timedelta(days=100)


def with_days(world: World, **days: date) -> AgreementVersion:
    by = world.actor(world.zhao_lei)
    version = drafted(world, terms(LINEN, baseline_value=20.0, baseline_weeks=8))
    version = changes.describe_version(by=by, at=NOON, version=version, renewal_days=60, **days)
    return in_force(changes.propose_version(by=by, at=NOON, version=version))


def lines(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_dates_stand_on_a_page_and_in_a_file(world: World) -> None:
    version = with_days(world, ends_on=AHEAD, review_on=AHEAD - timedelta(days=10))
    client = world.client(world.wang_fang)
    page = client.get("/me/calendar/").content.decode()
    for title in ("Review of", "Decide whether", "Last day of"):
        assert title in page
    file = lines(client.get("/me/calendar/dates.ics").content)
    assert f"DTSTART;VALUE=DATE:{AHEAD:%Y%m%d}" in file
    assert f"SUMMARY:Last day of {version.agreement.number}" in file
    assert f"DTSTART;VALUE=DATE:{AHEAD - timedelta(days=60):%Y%m%d}" in file
    # whoever does not see the link sees no date of it
    stranger = world.client(world.ivy_stone)
    assert "No dates yet" in stranger.get("/me/calendar/").content.decode()
    assert world.client(world.tom_reed).get("/me/calendar/").status_code == 403


def test_an_address_reads_as_its_owner_until_it_is_withdrawn(world: World) -> None:
    with_days(world, ends_on=AHEAD)
    client, program = world.client(world.wang_fang), world.client()
    page = client.post("/me/calendar/address/").content.decode()
    address = re.search(r"/calendar-feed/([^.]+)\.ics", page)
    assert address is not None
    assert address[1] not in client.get("/me/calendar/").content.decode()
    answer = program.get(address[0])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert any(line.startswith("SUMMARY:Last day of") for line in lines(answer.content))
    assert address[1] not in "".join(AuditEntry.objects.values_list("body", flat=True))
    # only what the owner may see now, in his language; nothing when he may not sign in
    core.edit_person(by=SYSTEM, at=NOON, person=world.wang_fang, language="zh-hans")
    assert "VCALENDAR" in program.get(address[0]).content.decode()
    core.disable_person(by=SYSTEM, at=NOON, person=world.wang_fang)
    assert program.get(address[0]).status_code == 404
    core.enable_person(by=SYSTEM, at=NOON, person=world.wang_fang)
    assert program.get(address[0]).status_code == 200
    # a new address ends the one before; one is withdrawn; a guessed one is a page that is not there
    again = world.client(world.wang_fang)
    assert re.search(r"/calendar-feed/([^.]+)\.ics", again.post("/me/calendar/address/").content.decode()) is not None
    assert program.get(address[0]).status_code == 404
    assert again.post("/me/calendar/withdraw/").status_code == 302
    assert not CalendarFeed.objects.filter(withdrawn_at__isnull=True).exists()
    for guessed in ("x", "0" * 40, "%00"):
        assert program.get(f"/calendar-feed/{guessed}.ics").status_code == 404


def test_somebody_who_is_forgotten_is_read_no_more(world: World) -> None:
    by = world.actor(world.gao_ming)
    _feed, token = core.make_feed(by=by, at=NOON)
    assert world.client().get(f"/calendar-feed/{token}.ics").status_code == 200
    core.forget_person(by=SYSTEM, at=NOON, person=world.gao_ming, reason="Left")
    assert world.client().get(f"/calendar-feed/{token}.ics").status_code == 404


def test_both_heads_are_told_once_of_end_and_review(world: World) -> None:
    version = with_days(world, ends_on=DAY + timedelta(days=90), review_on=DAY + timedelta(days=20))
    Notification.objects.all().delete()

    def told(days: int) -> list[tuple[str, str]]:
        changes.keep_terms(by=SYSTEM, at=NOON + timedelta(days=days))
        found = Notification.objects.filter(topic__in=["agreements.renewal", "agreements.review"])
        return sorted((one.topic, one.person.sign_in_name) for one in found)

    assert told(19) == []
    review = [("agreements.review", "wang.fang"), ("agreements.review", "zhao.lei")]
    assert [one for one in told(20) if one[1] in ("wang.fang", "zhao.lei")] == review
    renewal = [("agreements.renewal", "wang.fang"), ("agreements.renewal", "zhao.lei")]
    for days in (30, 31, 60):
        assert [one for one in told(days) if one[1] in ("wang.fang", "zhao.lei")] == [*renewal, *review]
    version.refresh_from_db()
    assert version.review_told_at == NOON + timedelta(days=20)
