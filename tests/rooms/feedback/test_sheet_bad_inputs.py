"""What goes wrong at the door of anonymous surveys, on purpose or not: B047 to B054. Nothing is half kept, and every
code that opens nothing gets one and the same answer."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from secrets import choice
from statistics import median
from threading import Barrier
from time import process_time_ns
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baton.feedback import queries
from baton.feedback.models import Ballot, UrnSheet, Wave
from baton.feedback.rules import Mode, contents_of
from baton.feedback.rules.tokens import ALPHABET, new_token, token_in
from baton.feedback.views import sheets as views
from tests import world as hospital
from tests.api import in_one_minute
from tests.browser.vectors import VECTORS
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.rooms.feedback.asked import asking, cards, cast, opened, prepared, written
from tests.rooms.feedback.sheets import every_kind, fields_of, hostile_document, one_card
from tests.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def no_wrong_codes_yet() -> Iterator[None]:
    views._wrong.clear()
    yield
    views._wrong.clear()


def sent(wave: Wave, token: str, **answers: Any) -> dict[str, Any]:
    """A form with the same answers about every link."""
    given: dict[str, Any] = {"code": token, "send": "1"}
    for link in wave.links.all():
        given |= {f"{link.public_id}.{key.replace('__', '.')}": value for key, value in answers.items()}
    return given


@pytest.mark.django_db
def test_b047_every_code_that_opens_nothing_gets_the_same_answer(world: World) -> None:
    wave, other, over = opened(world), opened(world), opened(world)
    used, token = cards(world, wave, 2)
    cast(wave, used, on_time=4)
    spoiled = ALPHABET[(ALPHABET.index(token[3]) + 1) % 27]
    codes = {
        "used": used, "of another wave": one_card(world, other), "truncated": token[:-1], "a letter more": f"{token}b",
        "one letter changed": f"{token[:3]}{spoiled}{token[4:]}", "never given": new_token(), "nothing": "",
        "of a wave that has closed": one_card(world, over), "no letters": "!!!", "SQL": "' OR 1=1 --",
    }  # fmt: skip
    answers = set()
    for code in codes.values():
        for more in ({}, {"send": "1", ".recommend": "9"}):
            answer = world.client().post(f"/s/{wave.public_id}/", {"code": code, **more})
            answers.add((answer.status_code, re.sub(r'name="code" value="[^"]*"', "", answer.content.decode())))
    assert [status for status, _page in answers] == [404]
    assert "This code opens no sheet of this survey." in next(iter(answers))[1]
    assert world.client().post(f"/s/{wave.public_id}/", {"code": token}).status_code == 200


@pytest.mark.django_db
def test_b048_of_many_guesses_none_succeeds_and_all_cost_the_same(world: World) -> None:
    """10,000 in the whole run, 100,000 in the exhaustive form: each is one query on the same index, whatever it is."""
    wave = opened(world)
    token = one_card(world, wave)
    kinds = [new_token, lambda: token[:20] + new_token()[20:], lambda: token[:-1] + ALPHABET[0]]
    with CaptureQueriesContext(connection) as asked:
        assert queries.slip_of(wave=wave, typed=new_token()) is None
    assert len(asked) == 1
    for place in range(shortly(10_000, 100_000)):
        guess = kinds[place % 3]()
        assert guess == token or queries.slip_of(wave=wave, typed=guess) is None
    assert queries.slip_of(wave=wave, typed=token) is not None


@pytest.mark.django_db
def test_b048_a_guess_takes_as_long_whatever_it_is_like(world: World) -> None:
    """Well spelled guesses of four kinds in turn: at random, with the beginning of a living code, a code of another
    wave, one that was used. What the median guess of a kind takes of the processor differs by less than a fifth from
    what it takes of any other; the time of the wall would measure the neighbours."""
    wave, other = opened(world), opened(world)
    used, living = cards(world, wave, 2)
    cast(wave, used, on_time=4)
    stranger = one_card(world, other)
    kinds: list[Callable[[], str]] = [new_token, lambda: _like(living), lambda: stranger, lambda: used]
    took: list[list[float]] = [[] for _ in kinds]
    # Made beforehand: what makes a guess would leave other things in the processor's memory than what makes another.
    guesses = [kinds[place % len(kinds)]() for place in range(shortly(4_000, 100_000))]
    for place, guess in enumerate(guesses):
        began = process_time_ns()
        assert queries.slip_of(wave=wave, typed=guess) is None
        took[place % len(kinds)].append(process_time_ns() - began)
    medians = [median(one) for one in took]
    print("median ns of a guess:", [round(one) for one in medians])
    assert max(medians) < 1.2 * min(medians)


def _like(token: str) -> str:
    """A well spelled code that begins like this one."""
    while True:
        guess = token[:20] + "".join(choice(ALPHABET) for _ in range(5))
        if guess != token and token_in(guess) is not None:
            return guess


@pytest.mark.django_db
def test_b048_guesses_are_slowed_down(world: World) -> None:
    wave = opened(world)
    token = one_card(world, wave)
    browser, guesses = world.client(), shortly(300, 3_000)
    address = f"/s/{wave.public_id}/"
    found = [browser.post(address, {"code": new_token()}).status_code for _ in range(guesses)]
    assert set(found) <= {404, 429}
    assert found.count(429) > 0
    assert browser.post(address, {"code": token}).status_code == 200, "right codes go on"


@pytest.mark.django_db
def test_b048_guesses_at_what_follows_a_known_beginning_are_not_looked_up(world: World) -> None:
    wave = opened(world)
    token = one_card(world, wave)
    browser, address = world.client(), f"/s/{wave.public_id}/"

    def guesses(many: int) -> list[int]:
        return [browser.post(address, {"code": token[:5] + new_token()[5:]}).status_code for _ in range(many)]

    def tried() -> tuple[int, list[int]]:
        guesses(views.WRONG_A_PREFIX)
        return browser.post(address, {"code": token}).status_code, guesses(3)

    right, held = in_one_minute(tried, views._wrong)
    assert right in {200, 429}
    assert held == [429] * 3


def test_b049_two_parallel_submits_leave_one_sheet(committed_db: Databases) -> None:
    world = hospital.build()
    wave = opened(world)
    token = one_card(world, wave)
    both = Barrier(4)
    given = sent(wave, token, on_time="5")

    def send(_place: int) -> int:
        both.wait()
        try:
            return Client().post(f"/s/{wave.public_id}/", given).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(4)))
    assert sorted(statuses) == [302, 404, 404, 404]
    assert (UrnSheet.objects.count(), Ballot.objects.count()) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"on_time": "6"}, "Expected a number from 1 to 5."),
        ({"on_time": "3.5"}, "Expected a number from 1 to 5."),
        ({"on_time": ["1", "2"]}, "Expected a number from 1 to 5."),
        ({"on_time__part": "1"}, "Expected a number from 1 to 5."),
        ({"on_time": "5", "on_time__part": "1"}, "Expected a number from 1 to 5."),
        ({"on_time": "5", "why_late": "night"}, "Expected no answer to a question that is not asked"),
        ({"on_time": "5", "bonus": "1"}, "Expected answers to the questions of this sheet only."),
        ({"on_time": "5", "recommend": "1"}, "Expected answers to the questions of this sheet only."),
        ({"on_time": "5", "reached": ["phone", "fax"]}, "Expected one of the options."),
        ({"on_time": "5", "better": ["a", "b"]}, "Expected an answer as the sheet asks for it."),
        ({"on_time": "5", "hours": "1e999"}, "Expected a number from 0 to 48"),
        ({"on_time": "5", "hours": "NaN"}, "Expected a number from 0 to 48"),
        ({"on_time": "5", "people__kind": "3", "people__kinds": "3"}, "Expected an answer as the sheet asks for it."),
        ({"on_time": "5", "people": "3"}, "Expected an answer as the sheet asks for it."),
        ({"on_time": "5", "hundred__quality": "101"}, "Expected 100 points in all."),
        ({"on_time": "5", "hundred__quality": "-1"}, "Expected whole numbers from 0 to 100."),
    ],
)
def test_b050_answers_that_are_none_are_refused_with_a_message(
    world: World, answers: dict[str, Any], said: str
) -> None:
    wave = every_kind(world)
    answer = world.client().post(f"/s/{wave.public_id}/", sent(wave, one_card(world, wave), **answers))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not UrnSheet.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["x", ".", "..", "a.b.c.d", "2222222222222222.on_time", "is_admin", "__proto__.on_time"]
)
def test_b050_fields_that_no_sheet_has_are_refused(world: World, name: str) -> None:
    wave = every_kind(world)
    given = sent(wave, one_card(world, wave), on_time="5") | {name: "1"}
    answer = world.client().post(f"/s/{wave.public_id}/", given)
    assert answer.status_code == 422
    assert not UrnSheet.objects.exists()


@pytest.mark.django_db
def test_b051_comments_too_long_empty_or_covered_with_marks(world: World) -> None:
    wave = every_kind(world)
    address, token = f"/s/{wave.public_id}/", one_card(world, wave)
    long = world.client().post(address, sent(wave, token, on_time="5", better="x" * 1_000_000))
    assert long.status_code == 422
    assert "Expected at most 4000 characters." in long.content.decode().replace("4,000", "4000")
    blank = world.client().post(
        address, {"code": token, "send": "1", ".recommend": "", f"{first(wave)}.better": " \n\u200b"}
    )
    assert blank.status_code == 422
    marks = sent(wave, token, on_time="5", better="a" + "\u0301" * 10_000)
    assert world.client().post(address, marks).status_code == 302


@pytest.mark.django_db
def test_b051_more_words_than_fit_are_refused_as_a_whole(world: World) -> None:
    questions = [{"key": f"t{n}", "kind": "text", "words": {"en": "More?"}} for n in range(40)]
    document = {"sections": [{"key": "s", "title": {"en": "S"}, "questions": questions}]}
    wave = opened(world, asking(world, prepared(world, questionnaire=written(world, contents=contents_of(document)))))
    words = {f"t{n}": "很" * 4_000 for n in range(40)}
    answer = world.client().post(f"/s/{wave.public_id}/", sent(wave, one_card(world, wave), **words))
    assert answer.status_code == 422
    assert "about 100 pages" in answer.content.decode()


@pytest.mark.django_db
def test_b052_answers_without_the_pages_before_them_count_and_are_checked_alike(world: World) -> None:
    wave = every_kind(world)
    first_token, other = cards(world, wave, 2)
    assert Client().post(f"/s/{wave.public_id}/", sent(wave, first_token, on_time="4")).status_code == 302
    assert Client().post(f"/s/{wave.public_id}/", sent(wave, other)).status_code == 422


@pytest.mark.django_db
def test_b053_looking_at_a_link_spends_nothing_and_reads_no_token(world: World) -> None:
    wave = every_kind(world)
    token = one_card(world, wave)
    for address in (
        f"/s/{wave.public_id}/",
        f"/s/{wave.public_id}/?code={token}&send=1",
        f"/s/{wave.public_id}/thanks/",
    ):
        for method in ("get", "head"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 200
            assert token not in answer.content.decode()
    assert Client().post(f"/s/{wave.public_id}/?code={token}").status_code == 404, "only the body counts"
    assert Ballot.objects.filter(wave=wave).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["{{7*7}}", "${7*7}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_b054_what_is_typed_is_shown_again_as_text(world: World, words: str) -> None:
    wave = every_kind(world)
    given = sent(wave, one_card(world, wave), better=words, hours=words, first__time=words, hundred__price=words)
    answer = world.client().post(f"/s/{wave.public_id}/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fields_of(page)[f"{first(wave)}.better"] == [words]
    assert "<script>alert" not in page
    assert "<img" not in page
    assert ">49<" not in page
    wrong_code = world.client().post(f"/s/{wave.public_id}/", {"code": words}).content.decode()
    assert "<script>alert" not in wrong_code
    assert "<img" not in wrong_code


def first(wave: Wave) -> str:
    """The public id of one of its links."""
    return str(wave.links.order_by("pk").values_list("public_id", flat=True)[0])


@pytest.mark.django_db
def test_b054_words_of_a_questionnaire_are_text_wherever_they_stand(world: World) -> None:
    """Titles, questions, help, ends of scales, options and units, on the first page, the sheet and the named one."""
    questionnaire = written(world, contents=contents_of(hostile_document()), purpose={"en": VECTORS[0]})
    given = {"questionnaire": questionnaire, "title": {"en": VECTORS[1]}, "intro": {"en": VECTORS[25]}}
    wave = opened(world, asking(world, prepared(world, **given)))
    named = opened(world, asking(world, prepared(world, mode=Mode.NAMED, **given), [world.chen_jie]))
    token = one_card(world, wave)
    pages = [
        world.client().get(f"/s/{wave.public_id}/"), world.client().post(f"/s/{wave.public_id}/", {"code": token}),
        world.client(world.chen_jie).get(f"/surveys/mine/{named.public_id}/"),
    ]  # fmt: skip
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "&lt;" in html
        assert [vector for vector in VECTORS if vector[:1] == "<" and vector in html] == []
        assert not re.search(r"<[^>]*\son\w+=", html)
