"""Everybody gets the way to one sheet: by a letter that is kept nowhere, or in an envelope that he opens in Baton."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from baton.core.changes import edit_person
from baton.core.jobs import silent
from baton.core.models import AuditEntry, Notification
from baton.feedback import changes, queries, tasks
from baton.feedback.models import Ballot, HandingOut, Occasion, SurveyInvitation, Wave
from baton.feedback.rules import Way
from tests.mailboxes import Mailbox, part, receiving
from tests.rooms.feedback.asked import asking, cast, opened, prepared
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
CODE = re.compile(r"(?:[2-9a-z]{5}-){4}[2-9a-z]{5}")


@pytest.fixture
def post(settings: Settings) -> Iterator[Mailbox]:
    with receiving(Mailbox()) as box:
        box.serve(settings)
        yield box


def handed_out(wave: Wave) -> None:
    tasks.hand_out(by=SYSTEM, at=datetime.now(UTC), progress=silent, wave=wave.public_id)  # type: ignore[arg-type]


def give_mailboxes(world: World) -> None:
    for person in (world.chen_jie, world.sun_lei):
        edit_person(
            by=world.actor(world.sun_yan), at=datetime.now(UTC), person=person,
            email=f"{person.sign_in_name}@example.org",
        )  # fmt: skip
        person.refresh_from_db()


def mailed(world: World) -> Wave:
    """An open wave in which two people have a mailbox and two have none."""
    give_mailboxes(world)
    wave = prepared(world)
    changes.choose_people(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, window_days=90)
    return opened(world, wave)


def everything_stored() -> str:
    """All text of every table, as it stands in the database."""
    tables, found = connection.introspection.table_names(), []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def test_letters_go_to_mailboxes_and_envelopes_lie_ready_for_the_others(
    world: World, post: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    wave = mailed(world)
    handed_out(wave)
    assert sorted(post.recipients) == ["chen.jie@example.org", "sun.lei@example.org"]
    body = part(post.messages[0], "plain")
    code = CODE.search(body)
    assert code is not None
    assert f"/s/{wave.public_id}/#{code[0].replace('-', '')}" in body
    assert queries.slip_of(wave=wave, typed=code[0]) is not None
    ways = dict(SurveyInvitation.objects.values_list("person__sign_in_name", "way"))
    assert ways == {"chen.jie": Way.MAIL, "sun.lei": Way.MAIL, "wang.fang": Way.APP, "zhou.min": Way.APP}
    assert not SurveyInvitation.objects.filter(handed_at__isnull=True).exists()
    told = Notification.objects.filter(topic="feedback.asked").values_list("person__sign_in_name", flat=True)
    assert set(told) == {"wang.fang", "zhou.min"}
    stored = everything_stored() + caplog.text
    assert code[0] not in stored
    assert code[0].replace("-", "") not in stored


def test_handing_out_again_changes_nothing(world: World, post: Mailbox) -> None:
    wave = mailed(world)
    handed_out(wave)
    before = Ballot.objects.count(), Notification.objects.count()
    handed_out(wave)
    assert (len(post.messages), (Ballot.objects.count(), Notification.objects.count())) == (2, before)


def test_server_that_takes_nothing_for_somebody_leaves_his_way_in_baton(world: World, post: Mailbox) -> None:
    wave = mailed(world)
    post.refused["sun.lei@example.org"] = "550 no such user"
    handed_out(wave)
    assert [one["To"] for one in post.messages] == ["chen.jie@example.org"]
    assert queries.has_envelope(viewer=world.actor(world.sun_lei), wave=wave)
    assert SurveyInvitation.objects.get(person=world.sun_lei).way == Way.APP


def test_server_that_is_away_fails_the_run_and_the_next_goes_on(world: World, post: Mailbox) -> None:
    wave = mailed(world)
    post.refused["sun.lei@example.org"] = post.refused["chen.jie@example.org"] = "451 later"
    with pytest.raises(ConnectionError):
        handed_out(wave)
    assert SurveyInvitation.objects.filter(handed_at__isnull=True).count() == 2
    post.refused.clear()
    handed_out(wave)
    assert len(post.messages) == 2
    assert not SurveyInvitation.objects.filter(handed_at__isnull=True).exists()


def test_two_workers_do_not_hand_out_at_once(world: World) -> None:
    wave = opened(world)
    assert changes.claim(at=datetime.now(UTC), wave=wave)
    handed_out(wave)
    assert not Ballot.objects.exists()
    changes.release(wave=wave)
    handed_out(wave)
    assert Ballot.objects.count() == 4
    assert HandingOut.objects.get().claimed_until is None


def test_my_code_opens_my_sheet_and_looking_leaves_no_trace(world: World, caplog: pytest.LogCaptureFixture) -> None:
    wave = opened(world)
    handed_out(wave)
    chen = world.client(world.chen_jie)
    assert "Show my code" in chen.get("/surveys/mine/").content.decode()
    before = AuditEntry.objects.count(), everything_stored()
    answer = chen.post("/surveys/mine/code/", {"wave": wave.public_id})
    page = answer.content.decode()
    code = CODE.search(page)
    assert code is not None
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert f"#{code[0].replace('-', '')}" in page
    assert "<svg" in page
    cast(wave, code[0], on_time=4)
    assert chen.post("/surveys/mine/code/", {"wave": wave.public_id}).status_code == 200
    assert AuditEntry.objects.count() == before[0]
    assert code[0] not in before[1]
    assert "/surveys/mine/ 200" in caplog.text
    assert "/surveys/mine/code/" not in caplog.text


def test_nobody_opens_the_envelope_of_another(world: World) -> None:
    wave = opened(world)
    handed_out(wave)
    for person in (world.lin_mei, world.gao_ming, world.he_jun, world.sun_yan, world.wu_tao):
        client = world.client(person)
        assert "Show my code" not in client.get("/surveys/mine/").content.decode()
        assert client.post("/surveys/mine/code/", {"wave": wave.public_id}).status_code == 404
    assert world.client(world.chen_jie).post("/surveys/mine/code/", {"wave": "x" * 16}).status_code == 404
    assert world.client(world.chen_jie).post("/surveys/mine/code/").status_code == 404
    assert world.client(world.chen_jie).get("/surveys/mine/code/").status_code == 405
    assert world.client(world.tom_reed).get("/surveys/mine/").status_code == 403


def test_cards_are_shown_once_as_a_page_or_a_pdf(world: World) -> None:
    wave = opened(world)
    lin, path = world.client(world.lin_mei), f"/surveys/{wave.public_id}/cards/"
    printed = lin.post(path, {"count": "3"})
    codes = CODE.findall(printed.content.decode())
    assert (len(set(codes)), printed["Cache-Control"]) == (3, "no-store, private")
    assert all(queries.slip_of(wave=wave, typed=code) is not None for code in codes)
    pdf = lin.post(path, {"count": "2", "pdf": "on"})
    assert pdf.content.startswith(b"%PDF-")
    assert "no-store" in pdf["Cache-Control"]
    assert Wave.objects.get(pk=wave.pk).cards == 5
    for count in ("0", "99999", "x", ""):
        assert lin.post(path, {"count": count}).status_code == 422, count
    assert codes[0] not in everything_stored()


def test_everybody_is_reminded_at_half_time_and_a_day_before_the_end(world: World) -> None:
    wave = opened(world)
    handed_out(wave)
    at = datetime.now(UTC)
    assert changes.tend(by=SYSTEM, at=at + timedelta(days=1)) == []
    half = changes.tend(by=SYSTEM, at=at + timedelta(days=4))
    assert [one.occasion for one in half] == [Occasion.HALF]
    for _twice in range(2):
        tasks.remind(by=SYSTEM, at=at + timedelta(days=4), progress=silent, reminder=half[0].public_id)  # type: ignore[arg-type]
    told = Notification.objects.filter(topic="feedback.reminded")
    assert sorted(told.values_list("person__sign_in_name", flat=True)) == [
        "chen.jie", "sun.lei", "wang.fang", "zhou.min"
    ]  # fmt: skip
    assert changes.tend(by=SYSTEM, at=at + timedelta(days=5)) == []
    last = changes.tend(by=SYSTEM, at=at + timedelta(days=6, hours=12))
    assert [one.occasion for one in last] == [Occasion.LAST]
    assert changes.tend(by=SYSTEM, at=at + timedelta(days=6, hours=13)) == []


def test_named_wave_tells_everybody_and_makes_no_ballot(world: World) -> None:
    wave = opened(world, asking(world, prepared(world, mode="named")))
    handed_out(wave)
    assert Notification.objects.filter(topic="feedback.asked").count() == 4
    assert not Ballot.objects.exists()


def test_quiet_until_a_day_and_back(world: World) -> None:
    from tests.rooms.chain.test_pages import filled

    sun, path = world.client(world.sun_lei), "/surveys/mine/quiet/"
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    sun.post(path, filled(sun, path, until=day.isoformat()))
    assert "You are not asked before" in sun.get("/surveys/mine/").content.decode()
    for bad in ("yesterday", "2026-02-30", "2020-01-01"):
        assert sun.post(path, filled(sun, path, until=bad)).status_code == 422, bad
    sun.post(path, filled(sun, path, until=""))
    assert "You are not asked before" not in sun.get("/surveys/mine/").content.decode()
