"""Service guarantees: given, printed on the link's page, called by the customer, honoured or not; no persons in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from baton.agreements import changes
from baton.agreements.models import Guarantee, GuaranteeCall
from baton.agreements.queries import guarantees as queries
from baton.agreements.rules.guarantees import MOST_GUARANTEES, honoured_share
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import Notification
from tests.api import Program, token_for
from tests.rooms.agreements.made import drafted
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

PROMISE: dict[str, Any] = {
    "promise": {"en": "Clean linen by seven"}, "remedy": {"en": "A porter brings it within half an hour"},
    "how_to_call": {"en": "Call 4711"},
}  # fmt: skip
DAY = NOON.date()


def given(world: World, **more: Any) -> Guarantee:
    agreement = drafted(world).agreement
    return changes.give_guarantee(by=world.actor(world.zhao_lei), at=NOON, on=agreement, **{**PROMISE, **more})


def called(world: World, guarantee: Guarantee, **more: Any) -> GuaranteeCall:
    assert guarantee.agreement is not None
    values = {"agreement": guarantee.agreement, "what": "Linen came at nine", **more}
    return changes.call_guarantee(by=world.actor(world.chen_jie), at=NOON, guarantee=guarantee, **values)


def test_a_guarantee_from_giving_to_ending(world: World) -> None:
    agreement = drafted(world).agreement
    supplier, customer = world.client(world.zhao_lei), world.client(world.chen_jie)
    link = f"/links/{world.laundry_ward.public_id}/"
    assert "Give a guarantee" in supplier.get(link).content.decode()
    assert "Service guarantee" not in customer.get(link).content.decode()
    give = f"/agreements/guarantees/give/{agreement.public_id}/"
    typed = {
        "promise_en": "Clean linen by seven", "remedy_en": "A porter brings it", "how_to_call_en": "Call 4711",
        "at_once": "on", "penalty_points": "5",
    }  # fmt: skip
    assert supplier.post(give, filled(supplier, give, **{**typed, "penalty_points": "1001"})).status_code == 422
    assert supplier.post(give, filled(supplier, give, **typed)).status_code == 302
    guarantee = Guarantee.objects.get()
    own = f"/agreements/guarantees/{guarantee.public_id}/"
    # printed on the page of the link and of the agreement, with what the customer does to get it
    for page in (link, f"/agreements/{agreement.public_id}/"):
        shown = customer.get(page).content.decode()
        for words in ("Clean linen by seven", "Call 4711", "at once, without approval", "Call the guarantee"):
            assert words in shown, (page, words)
    call = f"{own}call/"
    assert customer.post(call, filled(customer, call, agreement=agreement.public_id, what="")).status_code == 422
    sent = filled(customer, call, agreement=agreement.public_id, what="<b>Linen</b> came at nine", called_on="")
    assert customer.post(call, sent).status_code == 302
    told = Notification.objects.filter(topic="agreements.guarantee_called")
    assert [one.person for one in told] == [world.zhao_lei]
    shown = supplier.get(own).content.decode()
    assert "&lt;b&gt;Linen&lt;/b&gt; came at nine" in shown
    end = f"/agreements/guarantee-calls/{GuaranteeCall.objects.get().public_id}/end/"
    assert supplier.post(end, filled(supplier, end, outcome="honoured", done="Brought at 9:20")).status_code == 302
    assert "1 of 1 call honoured (100.0" in customer.get(own).content.decode()
    stop = f"{own}end/"
    assert supplier.post(stop, filled(supplier, stop, reason="Now part of the promise")).status_code == 302
    assert "Service guarantee" not in customer.get(link).content.decode()
    assert "no longer given" in customer.get(own).content.decode()
    assert verify().holds


@pytest.mark.sqlite
def test_who_gives_calls_and_ends(world: World) -> None:
    guarantee = given(world)
    agreement = guarantee.agreement
    assert agreement is not None
    for person in (world.gao_ming, world.wang_fang, world.he_jun, world.sun_yan, world.ivy_stone):
        with pytest.raises(Forbidden):
            changes.give_guarantee(by=world.actor(person), at=NOON, on=agreement, **PROMISE)
        with pytest.raises(Forbidden):
            changes.end_guarantee(by=world.actor(person), at=NOON, guarantee=guarantee, reason="No")
    for person in (world.zhao_lei, world.gao_ming, world.he_jun, world.ma_chao, world.tom_reed):
        with pytest.raises(Forbidden):
            changes.call_guarantee(
                by=world.actor(person), at=NOON, guarantee=guarantee, agreement=agreement, what="Late"
            )
    call = called(world, guarantee)
    for person in (world.ma_chao, world.he_jun):
        with pytest.raises(Forbidden):
            changes.end_call(by=world.actor(person), at=NOON, call=call, honoured=True)
    for by in (world.wang_fang, world.zhao_lei, world.chen_jie):
        changes.end_call(by=world.actor(by), at=NOON, call=call, honoured=False, done="Nothing")
    with pytest.raises(NotFound):
        queries.guarantee(viewer=world.actor(world.tom_reed), at=NOON, public_id=guarantee.public_id)
    assert "person" not in {field.name for field in GuaranteeCall._meta.get_fields()}


def test_the_share_counts_calls_of_a_year_that_ended(world: World) -> None:
    guarantee = given(world)
    for outcome in (True, True, False, None):
        call = called(world, guarantee)
        if outcome is not None:
            changes.end_call(by=SYSTEM, at=NOON, call=call, honoured=outcome)
    called(world, guarantee, called_on=DAY - timedelta(days=366))
    row = queries.shares_of(viewer=SYSTEM, at=NOON, guarantees=[guarantee])[0].honoured
    assert (row.honoured, row.ended, row.open) == (2, 3, 1)
    assert row.share == pytest.approx(2 / 3)
    assert honoured_share([]).share is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"promise": {"en": " "}}, "promise"), ({"promise": {"zh-hans": "干净"}}, "promise"),
        ({"remedy": {"en": "x" * 201}}, "remedy"), ({"how_to_call": {}}, "how_to_call"),
        ({"penalty_points": -1}, "penalty_points"), ({"penalty_points": 1001}, "penalty_points"),
    ],
)  # fmt: skip
def test_what_cannot_be_promised(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        given(world, **more)
    assert refused.value.field == field


def test_what_cannot_be_called(world: World) -> None:
    guarantee = given(world)
    for more, field in (
        ({"what": " "}, "what"), ({"what": "x" * 501}, "what"), ({"called_on": DAY + timedelta(days=1)}, "called_on"),
        ({"called_on": date(1999, 1, 1)}, "called_on"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            called(world, guarantee, **more)
        assert refused.value.field == field
    by = world.actor(world.zhao_lei)
    other = changes.begin_agreement(by=by, at=NOON, link=world.linenco_laundry)
    with pytest.raises(Forbidden):  # she does not belong to its customer
        called(world, guarantee, agreement=other.agreement)
    with pytest.raises(NotFound):  # who may call for every customer: this one does not have the guarantee
        changes.call_guarantee(
            by=world.actor(world.lin_mei), at=NOON, guarantee=guarantee, agreement=other.agreement, what="Late"
        )
    changes.end_guarantee(by=by, at=NOON, guarantee=guarantee, reason="Over")
    with pytest.raises(Refused, match="was ended"):
        called(world, guarantee)
    assert guarantee.agreement is not None
    for _n in range(MOST_GUARANTEES):
        changes.give_guarantee(by=by, at=NOON, on=guarantee.agreement, **PROMISE)
    with pytest.raises(Refused, match="at most 10"):
        changes.give_guarantee(by=by, at=NOON, on=guarantee.agreement, **PROMISE)


def test_programs_read_and_call_guarantees(world: World) -> None:
    guarantee = given(world)
    assert guarantee.agreement is not None
    customer = Program(token_for(world.chen_jie, "agreements:read", "agreements:write"))
    own = f"/guarantees/{guarantee.public_id}"
    assert customer.call("GET", own).json()["how_to_call"] == {"en": "Call 4711"}
    body = {"agreement": guarantee.agreement.public_id, "what": "Linen came at nine"}
    assert customer.call("POST", f"{own}/calls", body).json()["outcome"] == "open"
    listed = customer.call("GET", f"{own}/calls").json()["rows"]
    assert [one["what"] for one in listed] == ["Linen came at nine"]
    assert [one["open"] for one in customer.call("GET", "/guarantees").json()["rows"]] == [1]
    stranger = Program(token_for(world.ivy_stone, "agreements:read", "agreements:write"))
    assert stranger.call("GET", own).status_code == 404
    assert stranger.call("POST", f"{own}/calls", body).status_code == 404
    assert Program(token_for(world.zhao_lei, "agreements:write")).call("POST", f"{own}/calls", body).status_code == 403
