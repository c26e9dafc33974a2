"""Findings: drawn from weak results, answered by who leads the supplier, and in the way of the next wave until then."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import Notification
from baton.core.signatures import Proof, digest_now
from baton.feedback import changes
from baton.feedback.models import Finding, Wave, WaveException
from baton.feedback.queries import findings as queries
from baton.feedback.queries.findings import FindingFilters
from baton.feedback.rules import WaveState
from baton.feedback.rules.findings import MOST_OF_A_SUPPLIER, WEAK, FindingState, Weak, weakest
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.asked import asking, cards, cast, closed, opened, prepared
from tests.world import World

pytestmark = pytest.mark.django_db

INSIDE = (
    "lin_mei", "sun_yan", "he_jun", "wu_tao", "qian_li", "liu_yang", "wang_fang", "chen_jie", "zhao_lei", "gao_ming",
    "xu_jing",
)  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


def _weak(world: World, mean: float = 2.4, question: str = "on_time", **more: Any) -> Weak:
    given = {"supplier": world.laundry.public_id, "question": question, "mean": mean, "n": 17, "low": 1, "high": 5}
    return Weak(**{**given, **more})


def _published(world: World) -> Wave:
    return changes.publish_wave(by=world.actor(world.lin_mei), at=_now(), wave=closed(world, opened(world)))


def drawn(world: World) -> Finding:
    """The finding of a published wave that linen does not come on time."""
    return several(world, 1)[0]


def of_the_ward(world: World) -> list[Finding]:
    """Two findings of a wave about what Ward 3 hands to its patients; no other wave of the tests waits for these."""
    by = world.actor(world.lin_mei)
    held = closed(world, opened(world, prepared(world, links=[world.ward_patient])))
    wave = changes.publish_wave(by=by, at=_now(), wave=held)
    results = [_weak(world, question=one, supplier=world.ward.public_id) for one in ("on_time", "complete")]
    return changes.draw_findings(by=by, at=_now(), wave=wave, results=results)


def several(world: World, count: int) -> list[Finding]:
    """So many findings of one published wave, at most four: of the Laundry, then of the Pharmacy."""
    suppliers = [world.laundry, world.laundry, world.pharmacy, world.pharmacy]
    results = [
        _weak(world, mean=2 + number / 10, question=question, supplier=supplier.public_id)
        for number, (supplier, question) in enumerate(zip(suppliers, ("on_time", "complete") * 2, strict=True))
    ]
    by = world.actor(world.lin_mei)
    return changes.draw_findings(by=by, at=_now(), wave=_published(world), results=results[:count])


def answered(world: World, finding: Finding, **given: Any) -> Finding:
    """Answered by the head of the Laundry, or whoever is named."""
    said: dict[str, Any] = {
        "answer": "A second round at 14:00", "owner": world.gao_ming, "promised_for": _now().date() + timedelta(days=7),
        **given,
    }  # fmt: skip
    by = said.pop("by", world.zhao_lei)
    return changes.answer_finding(by=world.actor(by), at=_now(), finding=finding, **said)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(1, 5), st.integers(0, 9)), max_size=30))
def test_few_and_only_weak_results_become_findings(given: list[tuple[str, float, int]]) -> None:
    found = weakest(Weak(one, f"q{number}", mean, 9, 1, 5) for one, mean, number in given)
    assert all(one.share < WEAK for one in found)
    for supplier in "abc":
        mine = [one.mean for one in found if one.supplier == supplier]
        weak = sorted(mean for one, mean, _number in given if one == supplier and (mean - 1) / 4 < WEAK)
        assert mine == weak[:MOST_OF_A_SUPPLIER]


def test_weak_results_become_findings_and_the_head_is_told(world: World) -> None:
    found = drawn(world)
    assert found.state == FindingState.OPEN
    assert found.words["en"] == "What is handed over comes on time."
    assert [one.person for one in Notification.objects.filter(topic=changes.FOUND_TOPIC)] == [world.zhao_lei]
    by = world.actor(world.lin_mei)
    again = changes.draw_findings(
        by=by, at=_now(), wave=found.wave, results=[_weak(world), _weak(world, 4.5, "complete")]
    )
    assert again == []


def test_publishing_a_wave_draws_its_findings(world: World) -> None:
    wave = opened(world)
    for number, token in enumerate(cards(world, wave, 12)):
        cast(wave, token, on_time=1 + number % 3, complete=4 + number % 2)
    changes.publish_wave(by=world.actor(world.lin_mei), at=_now(), wave=closed(world, wave))
    found = {(one.supplier, one.question, one.mean, one.n) for one in Finding.objects.select_related("supplier")}
    assert found == {(world.laundry, "on_time", 2.0, 12), (world.pharmacy, "on_time", 2.0, 12)}


def test_answer_says_what_by_whom_and_by_when(world: World) -> None:
    found = answered(world, drawn(world))
    assert (found.state, found.owner) == (FindingState.ANSWERED, world.gao_ming)
    done = changes.finish_finding(
        by=world.actor(world.zhao_lei), at=_now(), finding=found, outcome="It runs since Monday"
    )
    assert done.state == FindingState.DONE
    assert [one.pk for one in queries.said_and_done(viewer=world.actor(world.chen_jie), at=_now())] == [found.pk]
    back = changes.reopen_finding(by=world.actor(world.zhao_lei), at=_now(), finding=done, reason="Not at weekends")
    assert (back.state, back.done_on) == (FindingState.ANSWERED, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answer": "  "}, "answer"),
        ({"answer": "x" * 1_001}, "answer"),
        ({"owner": None}, "owner"),
        ({"promised_for": None}, "promised_for"),
        ({"promised_for": date(2020, 1, 1)}, "promised_for"),
        ({"promised_for": date(2999, 1, 1)}, "promised_for"),
    ],
)
def test_half_an_answer_is_refused_beside_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    found = drawn(world)
    with pytest.raises(Refused) as refused:
        answered(world, found, **wrong)
    assert refused.value.field == field
    found.refresh_from_db()
    assert found.state == FindingState.OPEN


def test_no_action_has_a_reason_that_everybody_reads(world: World) -> None:
    found = drawn(world)
    by = world.actor(world.zhao_lei)
    declined = changes.decline_finding(by=by, at=_now(), finding=found, answer="The contract runs until May")
    assert declined.state == FindingState.DECLINED
    page = world.client(world.chen_jie).get("/surveys/said-and-done/").content.decode()
    assert "The contract runs until May" in page
    with pytest.raises(Refused):
        changes.finish_finding(by=by, at=_now(), finding=declined, outcome="Done")


@pytest.mark.parametrize("name", INSIDE)
def test_only_who_leads_the_supplier_answers(world: World, name: str) -> None:
    found, person = drawn(world), getattr(world, name)
    may = name in {"lin_mei", "zhao_lei"}
    sees = queries.findings_in_sight(viewer=world.actor(person), at=_now()).filter(pk=found.pk).exists()
    client = world.client(person)
    assert client.get(f"/surveys/findings/{found.public_id}/").status_code == (200 if sees else 404)
    status = client.get(f"/surveys/findings/{found.public_id}/answer/").status_code
    assert status == (200 if may else 403 if sees else 404)
    if not may:
        with pytest.raises((Forbidden, NotFound)):
            changes.decline_finding(by=world.actor(person), at=_now(), finding=found, answer="No")


def test_guests_and_strangers_see_nothing(world: World) -> None:
    found = drawn(world)
    for address in ("", "export.csv", f"{found.public_id}/", f"{found.public_id}/answer/"):
        assert world.client(world.tom_reed).get(f"/surveys/findings/{address}").status_code == 403
        assert world.client().get(f"/surveys/findings/{address}").status_code == 302
    assert world.client(world.tom_reed).get("/surveys/said-and-done/").status_code == 403


def test_who_leads_the_supplier_answers_on_the_page(world: World) -> None:
    found = drawn(world)
    client = world.client(world.zhao_lei)
    address = f"/surveys/findings/{found.public_id}/"
    assert "Say what is done" in client.get(address).content.decode()
    day = (_now() + timedelta(days=7)).date().isoformat()
    sent = {"answer": "A second round", "owner": world.gao_ming.public_id, "promised_for": day}
    assert client.post(f"{address}answer/", filled(client, f"{address}answer/", **sent)).status_code == 302
    found.refresh_from_db()
    assert found.state == FindingState.ANSWERED
    assert client.post(f"{address}done/", filled(client, f"{address}done/", outcome="It runs")).status_code == 302
    assert "It runs" in world.client(world.chen_jie).get("/surveys/said-and-done/").content.decode()
    file = world.client(world.lin_mei).get("/surveys/findings/export.csv?show=all")
    assert "It runs" in b"".join(file).decode()


def test_list_shows_what_is_late_and_what_waits_for_me(world: World) -> None:
    found = drawn(world)
    viewer = world.actor(world.zhao_lei)
    assert queries.waiting_to_answer(viewer=viewer, at=_now()) == 1
    assert queries.waiting_to_answer(viewer=world.actor(world.lin_mei), at=_now()) == 0

    def listed(show: str, later: timedelta = timedelta()) -> list[int]:
        rows = queries.listed_findings(viewer=viewer, at=_now() + later, filters=FindingFilters(show=show))
        return [one.pk for one in rows]

    assert listed("mine") == listed("open") == [found.pk]
    assert listed("late") == []
    assert listed("late", timedelta(days=20)) == [found.pk]


def test_next_wave_waits_for_answers_or_for_the_director(world: World) -> None:
    found = drawn(world)
    wave = asking(world, prepared(world))
    with pytest.raises(Refused) as refused:
        opened(world, wave)
    assert found.number in str(refused.value.values)
    by, at = world.actor(world.lin_mei), _now()
    asked = changes.ask_for_exception(by=by, at=at, wave=wave, reason="The works council wants it now")
    with pytest.raises(Refused):
        opened(world, wave)
    _signs(world, asked)
    assert opened(world, wave).state == WaveState.OPEN
    page = world.client().get(f"/s/{wave.public_id}/").content.decode()
    assert "What is handed over comes on time." in page
    assert "The answer is owed by the head of Laundry." in page
    answered(world, found)
    assert "owed by the head" not in world.client().get(f"/s/{wave.public_id}/").content.decode()


def test_exception_does_not_cover_what_was_found_later(world: World) -> None:
    found = drawn(world)
    wave = asking(world, prepared(world))
    by, at = world.actor(world.lin_mei), _now()
    _signs(world, changes.ask_for_exception(by=by, at=at, wave=wave, reason="Now"))
    changes.add_finding(by=by, at=at, wave=found.wave, supplier=world.laundry, words={"en": "Rude on the phone"})
    with pytest.raises(Refused):
        opened(world, wave)


def test_answered_findings_let_the_next_wave_open(world: World) -> None:
    answered(world, drawn(world))
    assert opened(world).state == WaveState.OPEN


def test_only_the_director_signs_an_exception(world: World) -> None:
    drawn(world)
    wave = asking(world, prepared(world))
    asked = changes.ask_for_exception(by=world.actor(world.lin_mei), at=_now(), wave=wave, reason="Now")
    for name in ("lin_mei", "wu_tao", "wang_fang", "sun_yan"):
        with pytest.raises((Forbidden, NotFound)):
            _signs(world, asked, name)
    address = f"/surveys/exceptions/{asked.public_id}/"
    assert world.client(world.chen_jie).get(address).status_code == 404
    assert 'name="password"' not in world.client(world.lin_mei).get(address).content.decode()
    page = world.client(world.he_jun).get(address).content.decode()
    assert "Now" in page
    assert re.search("neither|password", page)


def _signs(world: World, asked: WaveException, name: str = "he_jun") -> None:
    at, person = _now(), getattr(world, name)
    changes.sign_exception(
        by=world.actor(person), at=at, exception=asked, expected_digest=digest_now(asked.kind, asked.public_id),
        proof=Proof(person.public_id, ("password",), at),
    )  # fmt: skip


def test_finding_by_hand_is_about_a_supplier_of_a_published_wave(world: World) -> None:
    wave, by = _published(world), world.actor(world.lin_mei)
    client = world.client(world.lin_mei)
    address = f"/surveys/findings/add/{wave.public_id}/"
    sent = {"supplier": world.pharmacy.public_id, "words_en": "Phones ring in vain"}
    assert client.post(address, filled(client, address, **sent)).status_code == 302
    assert Finding.objects.get().supplier == world.pharmacy
    with pytest.raises(Refused):
        changes.add_finding(by=by, at=_now(), wave=wave, supplier=world.stores, words={"en": "x"})
    with pytest.raises(Refused):
        changes.add_finding(by=by, at=_now(), wave=prepared(world), supplier=world.laundry, words={"en": "x"})
    assert world.client(world.he_jun).get(address).status_code == 403
