"""The door at which anonymous surveys are answered, as a browser without a script walks through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baton.feedback import changes
from baton.feedback.models import AnswerSheet, Ballot, SurveyComment, UrnSheet
from baton.feedback.rules.tokens import spelled
from tests.rooms.feedback.asked import cards, closed, opened
from tests.rooms.feedback.sheets import every_kind, fields_of, one_card, opened_sheet
from tests.world import World

pytestmark = pytest.mark.django_db


def answered(link: str) -> dict[str, Any]:
    """An answer to each question about a link, as a form sends them."""
    given = {
        "on_time": "2", "why_late": "night", "complete.expected": "5", "complete.experienced": "na", "people.kind": "3",
        "people.listen": "1", "reached": ["phone", "mail"], "first.time": "2", "first.amount": "1", "first.cold": "3",
        "hundred.quality": "70", "hundred.price": "30", "evening.functional": "1", "evening.dysfunctional": "4",
        "hours": "1.5", "better": "Answer the phone.",
    }  # fmt: skip
    return {f"{link}.{key}": value for key, value in given.items()}


KEPT = {
    "on_time": 2, "why_late": "night", "complete": {"expected": 5, "experienced": "na"},
    "people": {"kind": 3, "listen": 1}, "reached": ["phone", "mail"], "first": ["amount", "time", "cold"],
    "hundred": {"quality": 70, "price": 30}, "evening": {"functional": 1, "dysfunctional": 4}, "hours": 1.5,
}  # fmt: skip


def test_first_page_says_what_is_promised_and_what_is_not(world: World) -> None:
    wave = every_kind(world, intro={"en": "Two minutes."}, least=7, least_comments=12)
    page = world.client().get(f"/s/{wave.public_id}/")
    assert page.status_code == 200
    wanted = (
        "Autumn survey", "Two minutes.", "So that deliveries get better.", "What is promised to you",
        "What nobody can promise", "at least 7 people", "at least 12 do", "the answers are lost",
    )  # fmt: skip
    for words in wanted:
        assert words in page.content.decode()


def test_every_kind_of_question_is_answered_and_kept(world: World) -> None:
    wave = every_kind(world)
    address = f"/s/{wave.public_id}/"
    browser, token = world.client(), one_card(world, wave)
    fields = opened_sheet(browser, address, spelled(token).upper())
    links = list(wave.links.values_list("public_id", flat=True))
    given = {"code": token, "send": "1", ".recommend": "9", ".satisfied": "4", ".easy": "na"}
    for link in links:
        given |= answered(link)
    assert set(given) - {"send"} <= set(fields)
    answer = browser.post(address, given)
    assert (answer.status_code, answer["Location"]) == (302, f"{address}thanks/")
    assert "Your answers have arrived" in browser.get(answer["Location"]).content.decode()
    closed(world, wave)
    about_links = AnswerSheet.objects.filter(wave_link__isnull=False)
    assert [one.answers for one in about_links] == [KEPT, KEPT]
    about_none = AnswerSheet.objects.get(wave_link__isnull=True)
    assert about_none.answers == {"recommend": 9, "satisfied": 4, "easy": "na"}
    assert set(SurveyComment.objects.values_list("words", flat=True)) == {"Answer the phone."}


def test_names_of_a_link_stand_in_its_questions_in_the_language_of_the_address(world: World) -> None:
    wave = every_kind(world)
    token = one_card(world, wave)
    english = world.client().post(f"/s/{wave.public_id}/", {"code": token}).content.decode()
    chinese = world.client().post(f"/s/{wave.public_id}/zh-hans/", {"code": token}).content.decode()
    assert "clean linen from Laundry comes on time." in english.replace("Clean linen", "clean linen")
    assert 'lang="zh-hans"' in chinese
    assert "准时送达" in chinese
    assert "Think of the last four weeks." not in chinese


def test_language_comes_from_the_address_alone(world: World) -> None:
    wave = every_kind(world)
    browser = Client(headers={"Accept-Language": "zh-CN"})
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert 'lang="en"' in browser.get(f"/s/{wave.public_id}/").content.decode()[:200]
    assert 'lang="zh-hans"' in browser.get(f"/s/{wave.public_id}/zh-hans/").content.decode()[:200]


def test_language_is_changed_on_the_way_and_answers_stay(world: World) -> None:
    wave = every_kind(world)
    link = wave.links.first().public_id
    given = {"code": one_card(world, wave), f"{link}.on_time": "1", f"{link}.better": "More", "again": ""}
    page = world.client().post(f"/s/{wave.public_id}/zh-hans/", given).content
    fields = fields_of(page)
    assert (fields[f"{link}.on_time"], fields[f"{link}.better"]) == (["1"], ["More"])
    assert not UrnSheet.objects.exists()


def test_faults_stand_beside_their_questions_and_answers_are_kept(world: World) -> None:
    wave = every_kind(world)
    address, token = f"/s/{wave.public_id}/", one_card(world, wave)
    one, other = wave.links.order_by("link__number").values_list("public_id", flat=True)
    given = {"code": token, "send": "1", f"{one}.better": "Kept words", f"{one}.hundred.quality": "60",
             f"{one}.first.time": "1", f"{other}.on_time": "5", f"{other}.complete.expected": "4"}  # fmt: skip
    answer = world.client().post(address, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4 answers need to be corrected. Nothing was sent." in page
    for words in ("Expected 100 points in all. Found 60.", "Expected every option once, in your order: 1 to 3.",
                  "Expected an answer to each part.", "Answer it, or say that it does not apply."):  # fmt: skip
        assert words in page
    assert f'id="q-{one}-on_time-error"' in page
    fields = fields_of(page)
    assert fields[f"{one}.better"] == ["Kept words"]
    assert fields[f"{other}.on_time"] == ["5"]
    assert Ballot.objects.filter(wave=wave).count() == 1
    assert not UrnSheet.objects.exists()


def test_wave_that_is_not_open_looks_like_none(world: World) -> None:
    wave = opened(world)
    token = one_card(world, wave)
    browser = world.client()
    over = changes.close_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave)
    for address in (f"/s/{over.public_id}/", "/s/2222222222222222/", "/s/x/"):
        assert browser.get(address).status_code == 404
        answer = browser.post(address, {"code": token, "send": "1"})
        assert answer.status_code == 404
        assert "No survey is open here" in answer.content.decode()


def test_time_of_closing_is_kept_to_the_moment(world: World) -> None:
    wave = opened(world)
    wave.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    wave.save(update_fields=["closes_at"])
    assert world.client().get(f"/s/{wave.public_id}/").status_code == 404


def test_shared_device_goes_back_to_the_field_for_the_next_code(world: World) -> None:
    wave = every_kind(world)
    address = f"/s/{wave.public_id}/kiosk/"
    browser = world.client()
    for token in cards(world, wave, 2):
        given = opened_sheet(browser, address, token) and {"code": token, "send": "1", ".recommend": "7"}
        for link in wave.links.all():
            given |= {f"{link.public_id}.on_time": "na"}
        page = browser.post(address, given, follow=True)
        assert page.redirect_chain == [(f"{address}?thanks", 302)]
        assert "Thank you" in page.content.decode()
        assert fields_of(page.content)["code"] == [""]
    assert UrnSheet.objects.count() == 2


def test_opening_a_sheet_asks_few_queries_however_long_it_is(world: World) -> None:
    wave = every_kind(world)
    address, token, browser = f"/s/{wave.public_id}/", one_card(world, wave), world.client()
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.post(address, {"code": token})
    # The wave with its questionnaire, the ballot, the links with both sides and the output.
    assert len(asked) == 3
