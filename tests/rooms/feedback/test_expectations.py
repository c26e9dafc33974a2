"""The register of expectations: what customers expect, and how long nobody has asked whether they still do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import Notification
from baton.feedback import changes
from baton.feedback.models import Expectation
from baton.feedback.queries import expectations as queries
from baton.feedback.queries.expectations import ExpectationFilters
from baton.feedback.rules.expectations import STALE_AFTER, Channel, is_stale
from tests.rooms.chain.test_pages import filled
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

pytestmark = pytest.mark.django_db

WORDS = {"en": "Clean linen before the morning round", "zh-hans": "晨间查房前送到干净床单"}
LONG_AGO = date(2025, 3, 1)


def expected(world: World, by: Person | None = None, **given: Any) -> Expectation:
    """What Ward 3 expects of the Laundry; entered by one of the ward."""
    said: dict[str, Any] = {"words": WORDS, "channel": Channel.VISIT, **given}
    return changes.add_expectation(
        by=world.actor(by or world.chen_jie), at=datetime.now(UTC), link=world.laundry_ward, **said
    )


def _listed(world: World, name: str, **filters: str) -> list[int]:
    rows = queries.listed_expectations(
        viewer=world.actor(getattr(world, name)), at=datetime.now(UTC), filters=ExpectationFilters(**filters)
    )
    return [one.pk for one in rows]


def test_an_expectation_is_stale_after_half_a_year() -> None:
    today = date(2026, 7, 1)
    assert not is_stale(today - STALE_AFTER, today)
    assert is_stale(today - STALE_AFTER - timedelta(days=1), today)


def test_what_nobody_has_confirmed_is_listed_first_and_told_once(world: World) -> None:
    old, new = expected(world, learned_on=LONG_AGO), expected(world)
    assert _listed(world, "zhao_lei") == [old.pk, new.pk]
    assert _listed(world, "zhao_lei", show="stale") == [old.pk]
    at = datetime.now(UTC)
    assert (changes.tell_of_stale(by=SYSTEM, at=at), changes.tell_of_stale(by=SYSTEM, at=at)) == (1, 0)
    assert [one.person for one in Notification.objects.filter(topic=changes.STALE_TOPIC)] == [world.zhao_lei]


def test_confirming_makes_it_hold_again_and_lets_it_be_told_anew(world: World) -> None:
    old = expected(world, learned_on=LONG_AGO)
    changes.tell_of_stale(by=SYSTEM, at=datetime.now(UTC))
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    again = changes.confirm_expectation(by=by, at=at, expectation=old)
    assert (again.confirmed_on, again.told_at) == (at.date(), None)
    assert _listed(world, "zhao_lei", show="stale") == []
    assert changes.tell_of_stale(by=SYSTEM, at=at + timedelta(days=200)) == 1


def test_what_is_expected_no_more_stays_with_its_reason(world: World) -> None:
    one = expected(world)
    by, at = world.actor(world.wang_fang), datetime.now(UTC)
    changes.end_expectation(by=by, at=at, expectation=one, reason="The round begins later")
    assert _listed(world, "wang_fang") == []
    assert _listed(world, "wang_fang", show="all") == [one.pk]
    with pytest.raises(Refused):
        changes.confirm_expectation(by=by, at=at, expectation=one)
    assert (
        "The round begins later"
        in world.client(world.wang_fang).get(f"/surveys/expectations/{one.public_id}/").content.decode()
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": {"en": " \u200b "}}, "words"),
        ({"words": {"en": "x" * 1_001}}, "words"),
        ({"learned_on": date(2999, 1, 1)}, "learned_on"),
    ],
)
def test_wrong_input_is_refused_beside_its_field(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        expected(world, **given)
    assert refused.value.field == field
    assert not Expectation.objects.exists()


@pytest.mark.parametrize("day", [date(2999, 1, 1), date(2020, 1, 1)])
def test_confirmation_lies_between_the_last_one_and_today(world: World, day: date) -> None:
    one = expected(world, learned_on=LONG_AGO)
    with pytest.raises(Refused) as refused:
        changes.confirm_expectation(
            by=world.actor(world.chen_jie), at=datetime.now(UTC), expectation=one, confirmed_on=day
        )
    assert refused.value.field == "confirmed_on"


@pytest.mark.parametrize(
    "name", ["lin_mei", "he_jun", "wu_tao", "sun_yan", "wang_fang", "chen_jie", "zhao_lei", "gao_ming", "xu_jing",
             "ivy_stone"],
)  # fmt: skip
def test_both_sides_keep_the_register_and_others_read_it_at_most(world: World, name: str) -> None:
    one, person = expected(world), getattr(world, name)
    may = name in {"lin_mei", "wang_fang", "chen_jie", "zhao_lei", "gao_ming"}
    sees = queries.expectations_in_sight(viewer=world.actor(person), at=datetime.now(UTC)).exists()
    client = world.client(person)
    assert client.get(f"/surveys/expectations/{one.public_id}/").status_code == (200 if sees else 404)
    for step in ("change", "confirm", "end"):
        status = client.get(f"/surveys/expectations/{one.public_id}/{step}/").status_code
        assert status == (200 if may else 403 if sees else 404)
    if not may:
        with pytest.raises((Forbidden, NotFound)):
            expected(world, person)


def test_guests_and_strangers_see_nothing(world: World) -> None:
    one = expected(world)
    for address in ("", "export.csv", f"{one.public_id}/"):
        assert world.client(world.tom_reed).get(f"/surveys/expectations/{address}").status_code == 403
        assert world.client().get(f"/surveys/expectations/{address}").status_code == 302


def test_it_is_entered_on_the_page_of_the_link(world: World) -> None:
    client = world.client(world.chen_jie)
    link = f"/links/{world.laundry_ward.public_id}/"
    assert "Nobody has written down yet" in client.get(link).content.decode()
    address = f"/surveys/expectations/add/{world.laundry_ward.public_id}/"
    sent = {"words_en": WORDS["en"], "channel": "visit"}
    assert client.post(address, filled(client, address, **sent)).status_code == 302
    assert WORDS["en"] in client.get(link).content.decode()
    confirm = f"/surveys/expectations/{Expectation.objects.get().public_id}/confirm/"
    assert client.post(confirm, filled(client, confirm)).status_code == 302
    file = client.get("/surveys/expectations/export.csv")
    assert WORDS["en"] in b"".join(file).decode()


def test_stale_words_are_not_overwritten(world: World) -> None:
    one = expected(world)
    by, at = world.actor(world.chen_jie), datetime.now(UTC)
    changes.change_expectation(by=by, at=at, expectation=one, words={"en": "Before 6:30"}, channel=Channel.VISIT)
    with pytest.raises(Refused) as refused:
        changes.change_expectation(
            by=by, at=at, expectation=one, words={"en": "Before 7"}, channel=Channel.VISIT, expected_seq=one.changed_seq
        )
    assert refused.value.status == 409
