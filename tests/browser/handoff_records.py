"""What stands behind the addresses of handoffs; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from baton.agreements.changes import begin_agreement, propose_version
from baton.core.attachments.keeping import kept_photos
from baton.handoffs import changes
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments, Quantities, ReturnState, Side, Stage
from tests.browser.agreement_records import living_link
from tests.browser.settlement_records import enter_settlement, settlement_values
from tests.browser.vectors import fitting
from tests.rooms.agreements.made import LINEN
from tests.rooms.agreements.signed import both
from tests.rooms.handoffs.made import TINY
from tests.world import NOON, SYSTEM, World

Values = tuple[dict[str, str], ...]
_HOUR = timedelta(hours=1)


def handoff_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: one that is expected, one that was delivered, one accepted in part with a
    contested return, judged and checked; a defect code; two call points, from one of which somebody calls; a link with
    hours of silence and an arbiter to whom the other side is to agree."""
    customer, manager = world.actor(world.ma_chao), world.actor(world.lin_mei)
    at, link = datetime.now(UTC), living_link(world)
    code = changes.add_defect_code(by=manager, at=at, code="TORN", name={"en": "Torn", "zh-hans": "破损"})
    sheets = changes.LineGiven(name="Sheets", unit="pc", quantities=Quantities(ordered=Decimal(100)))

    def asked(reference: str) -> str:
        made = changes.request_handoff(
            by=customer, at=at, link=link, requested_at=at - 2 * _HOUR, due_at=at - _HOUR, reference=reference,
            lines=[sheets],
        )  # fmt: skip
        return made.public_id

    expected, delivered, partly, refused = (
        Handoff.objects.get(public_id=asked(text)) for text in ("LOT-1", "LOT-2", "LOT-1", "LOT-3")
    )
    for one in (delivered, partly):
        changes.deliver_handoff(by=manager, at=at, handoff=one)
    changes.refuse_request(by=manager, at=at, handoff=refused, reason="Which ward?")
    less = changes.Less(line=partly.lines.get().public_id, refused=Decimal(3), phenomenon="Torn", code=code)
    changes.accept_in_part(by=customer, at=at, handoff=partly, less=[less])
    changes.contest_return(by=manager, at=at, found=partly.returns.get(), ground="Whole when it left")
    photo = _photos(world, partly)
    changes.judge_handoff(by=customer, at=at, handoff=partly, side=Side.CUSTOMER, as_agreed=True, fit_for_use=False)
    changes.record_check(by=manager, at=at, handoff=partly, stage=Stage.SELF_CHECK, passed=True)
    changes.add_predecessor(by=manager, at=at, handoff=partly, predecessor=expected)
    changes.propose_practice(by=manager, at=at, link=link, side=Side.SUPPLIER, arbiter=None, contest_hours=48)
    changes.propose_silence(by=manager, at=at, link=link, side=Side.SUPPLIER, hours=48)
    given = changes.OrderGiven(name="Linen", rule="FREQ=DAILY", begins=time(6), starts_on=at.date(), lines=[sheets])
    order = changes.add_order(by=manager, at=at, link=link, given=given)
    point = changes.add_call_point(by=manager, at=at, link=link, name="Press 3")
    quiet = changes.add_call_point(by=manager, at=at, link=link, name="Press 4")
    called = changes.call_from(by=customer, at=at, point=point)
    changes.register_tablet(by=manager, at=at, party=world.ward, name="Corridor", days=30)
    every = tuple({"public_id": one.public_id} for one in (expected, delivered, partly, refused))
    part = partly.returns.get().public_id
    return {
        "handoffs/": every,
        "handoffs/new/": ({"link": link.public_id},),
        "handoffs/clauses/": ({"public_id": _clause_in_force(world)},),
        "handoffs/photos/": ({"public_id": photo},),
        "handoffs/<slug:public_id>/photos/": ({"public_id": partly.public_id},),
        "handoffs/paths/": ({"public_id": _path(world)},),
        "handoffs/points/new/": ({"link": link.public_id},),
        "handoffs/points/": tuple({"public_id": one.public_id} for one in (point, quiet)),
        "handoffs/calls/": ({"public_id": called.public_id, "step": "arrive"},),
        "handoffs/codes/": ({"public_id": code.public_id},),
        "handoffs/tally/": ({"link": link.public_id},),
        "handoffs/orders/new/": ({"link": link.public_id},),
        "handoffs/orders/": ({"public_id": order.public_id},),
        "handoffs/practice/": ({"link": link.public_id},),
        "handoffs/returns/": tuple({"public_id": part, "way": way} for way in ("decide", "settle", "withdraw")),
        "handoffs/<slug:public_id>/step/": (
            *({"public_id": expected.public_id, "step": step} for step in ("deliver", "warn_late", "pause")),
            *({"public_id": delivered.public_id, "step": step} for step in ("accept", "accept_part", "return")),
        ),
        "handoffs/<slug:public_id>/judge/": ({"public_id": partly.public_id, "side": "customer"},),
        "handoffs/<slug:public_id>/check/": ({"public_id": partly.public_id, "stage": "inspector"},),
        "handoffs/<slug:public_id>/value/": ({"public_id": partly.public_id},),
        "handoffs/<slug:public_id>/cost/": ({"public_id": partly.public_id},),
        "handoffs/<slug:public_id>/predecessor/": ({"public_id": partly.public_id},),
        "handoffs/<slug:public_id>/genealogy/": ({"public_id": partly.public_id},),
        **settlement_values(world, link, at),
    }


def _photos(world: World, handoff: Handoff) -> str:
    """One of the handoff, and one against what came back; the first of them."""
    at = datetime.now(UTC)
    with kept_photos([SimpleUploadedFile("torn.jpg", TINY)]) as files:
        first = changes.add_photos(by=world.actor(world.ma_chao), at=at, handoff=handoff, files=files)
    with kept_photos([SimpleUploadedFile("whole.jpg", TINY)]) as files:
        found = handoff.returns.get()
        changes.add_photos(by=world.actor(world.lin_mei), at=at, handoff=handoff, files=files, found=found)
    return first.public_id


def _path(world: World) -> str:
    """From used linen to clean linen, with five lots that went all the way."""
    links, now = [world.ward_laundry, world.laundry_ward], datetime.now(UTC)
    path = changes.measure_path(by=world.actor(world.zhao_lei), at=now, links=links)
    for day in range(1, 6):
        for hours, link in enumerate(links):
            begun = now - timedelta(days=day) + 2 * hours * _HOUR
            moments = Moments(
                requested_at=begun, due_at=begun + _HOUR, delivered_at=begun + _HOUR * (1 + day % 2),
                accepted_at=begun + 2 * _HOUR,
            )  # fmt: skip
            changes.record_handoff(by=SYSTEM, at=now, link=link, moments=moments, reference=f"BAG-{day}")
    refresh_figures(by=SYSTEM, at=now)
    changes.refresh_paths(by=SYSTEM, at=now)
    return path.public_id


def _clause_in_force(world: World) -> str:
    """What the address of a clause's figures names: the link and the line, of an agreement that both sides signed."""
    by, link = world.actor(world.zhao_lei), world.laundry_ward
    version = begin_agreement(by=by, at=NOON, link=link, clauses=[LINEN])
    version = both(world, propose_version(by=by, at=NOON, version=version))
    return f"{link.public_id}-{version.clauses.get().line}"


def enter_handoffs(world: World, at: datetime) -> None:
    """Texts that would run as a script, in every column of a handoff and its parts that somebody types."""
    customer, manager, link = world.actor(world.ma_chao), world.actor(world.lin_mei), living_link(world)
    said = {"en": fitting(200, 60), "zh-hans": fitting(200, 61)}
    code = changes.add_defect_code(by=manager, at=at, code=fitting(40, 62), name=said)
    line = changes.LineGiven(
        name=fitting(120, 63), unit=fitting(20, 64), item_code=fitting(40, 65), item_revision=fitting(40, 66),
        quantities=Quantities(ordered=Decimal(9)),
    )  # fmt: skip
    asked = changes.request_handoff(
        by=customer, at=at, link=link, reference=fitting(80, 67), priority=fitting(20, 68), lines=[line]
    )
    changes.change_priority(by=customer, at=at, handoff=asked, priority=fitting(20, 69))
    changes.pause_handoff(by=manager, at=at, handoff=asked, reason=fitting(200, 70))
    changes.refuse_request(by=manager, at=at, handoff=asked, reason=fitting(200, 71))
    changes.complete_request(by=customer, at=at, handoff=asked, note=fitting(500, 72))
    changes.deliver_handoff(by=manager, at=at, handoff=asked)
    less = changes.Less(
        line=asked.lines.get().public_id, refused=Decimal(1), missing=Decimal(1), phenomenon=fitting(500, 73), code=code
    )
    changes.accept_in_part(by=customer, at=at, handoff=asked, less=[less])
    first, second = asked.returns.order_by("pk")
    contested = changes.contest_return(by=SYSTEM, at=at, found=first, ground=fitting(500, 74))
    changes.decide_return(by=manager, at=at, found=contested, verdict=ReturnState.UPHELD, note=fitting(500, 75))
    changes.settle_return(by=customer, at=at, found=second, settlement=fitting(500, 76))
    changes.judge_handoff(by=customer, at=at, handoff=asked, side=Side.CUSTOMER, as_agreed=False, note=fitting(500, 77))
    changes.record_check(by=customer, at=at, handoff=asked, stage=Stage.RECEIVER, passed=True, note=fitting(500, 78))
    item = changes.LineGiven(name=fitting(120, 79), unit=fitting(20, 80), item_code=fitting(40, 81))
    given = changes.OrderGiven(
        name=fitting(120, 82), rule="FREQ=DAILY", begins=time(6), starts_on=at.date(), reference=fitting(80, 83),
        priority=fitting(20, 84), lines=[item],
    )  # fmt: skip
    changes.add_order(by=manager, at=at, link=link, given=given)
    enter_settlement(world, link, at)
    point = changes.add_call_point(by=manager, at=at, link=link, name=fitting(80, 85))
    changes.call_from(by=customer, at=at, point=point)
    changes.register_tablet(by=manager, at=at, party=world.ward, name=fitting(60, 85), days=30)
