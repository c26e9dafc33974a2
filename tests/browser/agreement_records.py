"""What stands behind the addresses of agreements, calendars and task links; see tests/browser/records.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements import changes
from baton.agreements.changes import certificates, guarantees, houses, leaders, workshops
from baton.agreements.changes.house_tables import HouseTable, NeedRow, fill_house
from baton.agreements.changes.training import Trained, note_training
from baton.agreements.rules import ClauseKind, Side, Stance
from baton.agreements.rules.leaders import Rhythm
from baton.agreements.rules.workshops import Stage
from baton.chain.changes import add_link, appoint, promise_to_staff
from baton.chain.models import Link
from baton.chain.rules import Capacity
from baton.core.changes.calendars import add_calendar
from baton.core.signatures import digest_now
from tests.browser.offer_records import offer_values
from tests.browser.review_records import review_values
from tests.rooms.agreements.made import LINEN, ORDER
from tests.world import World

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion

Values = tuple[dict[str, str], ...]


def agreement_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: an agreement in consultation, one that waits for signatures, a certificate,
    a guarantee with a call, a house, a calendar, a task link that is open.

    What forms change stands on :func:`living_link`: other pages end the links of the ward on the way.
    """
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    talked = changes.begin_agreement(by=by, at=at, link=living_link(world), clauses=[LINEN, ORDER])
    talked = changes.propose_version(by=by, at=at, version=talked)
    talked = changes.open_consultation(by=by, at=at, version=talked)
    done = changes.begin_agreement(by=by, at=at, link=world.ward_laundry)
    done = changes.withdraw_version(by=by, at=at, version=done)
    left = changes.begin_agreement(by=by, at=at, link=world.linenco_stores, clauses=[LINEN])
    clause = talked.clauses.order_by("pk")[0]
    return {
        "agreements/": ({"public_id": talked.agreement.public_id},),
        "agreements/<slug:public_id>/draft/": ({"public_id": done.agreement.public_id},),
        "agreements/versions/": ({"public_id": talked.public_id, "side": "customer", "line": clause.line},),
        "agreements/versions/<slug:public_id>/<slug:step>/": ({"public_id": left.public_id, "step": "withdraw"},),
        "agreements/clauses/": ({"public_id": clause.public_id},),
        **_consultation(world, talked),
        **_to_be_signed(world),
        **_certificate_and_guarantee(world, talked),
        **_house(world),
        **review_values(world, living_link(world)),
        **_promise_of_a_leader(world),
        **offer_values(world),
        **_training(world),
        **_workshop(world, talked),
        "calendars/": (
            {"public_id": add_calendar(
                by=world.actor(world.lin_mei), at=at, name={"en": "Ward hours"}, zone="UTC",
                hours={"mon": [["08:00", "16:00"]]},
            ).public_id},
        ),
    }  # fmt: skip


def living_link(world: World) -> Link:
    """Infection control > Laboratory: no form ends it, or one of its sides."""
    return world.control_lab


def _consultation(world: World, version: AgreementVersion) -> dict[str, Values]:
    """The Laboratory is asked; its head has made a counter-proposal, which the quality manager may answer, who is asked
    herself, and a member has said nothing."""
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    for member in (world.gao_ming, world.lin_mei):
        appoint(by=by, at=at, party=world.laboratory, person=member, capacity=Capacity.MEMBER)
    due_on = (at + timedelta(days=10)).date()
    changes.ask_staff(by=by, at=at, version=version, side=Side.CUSTOMER, due_on=due_on)
    head, first = world.actor(world.ma_chao), version.clauses.order_by("pk")[0]
    wanted = replace(first.terms, target=12.0)
    said = changes.say_opinion(
        by=head, at=at, version=version, line=first.line, stance=Stance.COUNTER_PROPOSAL, proposed=wanted
    )
    changes.say_opinion(by=head, at=at, version=version, line="", stance=Stance.OBJECTION, text="Too late")
    held = version.invitations.get(person=world.gao_ming)
    return {
        "agreements/opinions/": ({"public_id": said.public_id},),
        "agreements/invitations/": ({"public_id": held.public_id},),
    }


def _to_be_signed(world: World) -> dict[str, Values]:
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    version = changes.begin_agreement(by=by, at=at, link=world.linenco_laundry, clauses=[LINEN, ORDER])
    version = changes.propose_version(by=by, at=at, version=version)
    digest = digest_now("agreement_version", version.public_id)
    asked = changes.ask_outside(
        by=by, at=at, version=version, side=Side.SUPPLIER, digest=digest, name="Ana Silva", days=14
    )
    on = {"public_id": version.public_id, "digest": digest}
    begin = "agreements/versions/<slug:public_id>"
    return {
        f"{begin}/sign/<slug:side>/": ({**on, "side": "customer"},),
        f"{begin}/ask/<slug:side>/": ({**on, "side": "supplier"},),
        f"{begin}/paper/<slug:side>/": ({**on, "side": "supplier"},),
        f"{begin}/print/": (on,),
        "task/<slug:token>/": ({"token": asked.token},),
    }


def _certificate_and_guarantee(world: World, version: AgreementVersion) -> dict[str, Values]:
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    shown = certificates.add_certificate(by=by, at=at, party=world.laundry, name="ISO 9001", ends_on=date(2099, 12, 31))
    given = guarantees.give_guarantee(
        by=world.actor(world.lin_mei), at=at, on=version.agreement, promise={"en": "Clean linen by seven"},
        remedy={"en": "We bring it at once"}, how_to_call={"en": "Call 4711"},
    )  # fmt: skip
    called = guarantees.call_guarantee(
        by=world.actor(world.lin_mei), at=at, guarantee=given, agreement=version.agreement, what="Came at nine"
    )
    return {
        "agreements/certificates/": ({"public_id": shown.public_id},),
        "agreements/certificates/new/": ({"party": world.laundry.public_id},),
        "agreements/guarantees/": ({"public_id": given.public_id},),
        "agreements/guarantees/give/": ({"agreement": version.agreement.public_id},),
        "agreements/guarantee-calls/": ({"public_id": called.public_id},),
    }


def _house(world: World) -> dict[str, Values]:
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    house = houses.begin_house(by=by, at=at, link=living_link(world), name={"en": "Linen"})
    need = houses.add_house_need(
        by=by, at=at, house=house, words={"en": "Linen is there when I need it"}, judged=houses.Judged(importance=5)
    )
    characteristic = houses.add_characteristic(by=by, at=at, house=house, name={"en": "Time to the ward"})
    wishes = NeedRow("Linen is warm", houses.Judged(importance=2), {"Time to the ward": 1})
    filling = fill_house(
        by=by, at=at, house=house, table=HouseTable(("Time to the ward",), (wishes,), {}), title="w.csv"
    )
    return {
        "agreements/houses/": ({"public_id": house.public_id},),
        "agreements/houses/begin/": ({"link": living_link(world).public_id},),
        "agreements/house-fillings/": ({"public_id": filling.public_id},),
        "agreements/house-needs/": ({"public_id": need.public_id},),
        "agreements/house-characteristics/": ({"public_id": characteristic.public_id},),
    }


def _promise_of_a_leader(world: World) -> dict[str, Values]:
    at, by = datetime.now(UTC), world.actor(world.zhao_lei)
    words = [{"en": "The roster hangs two weeks ahead"}, {"en": "An answer within a day"}]
    post = promise_to_staff(by=by, at=at, party=world.laundry, post={"en": "Head of the Laundry"}, promises=words)
    link, other = Link.objects.filter(supplier=post).order_by("number")
    promise = leaders.promise_staff(by=by, at=at, link=link, words=words[0], due_on=at.date(), rhythm=Rhythm.WEEKLY)
    done = leaders.fulfil_promise(by=by, at=at, promise=promise, note="It hangs by the door")
    return {
        "agreements/leader-promises/": ({"public_id": promise.public_id},),
        "agreements/leader-promises/make/": ({"link": other.public_id},),
        "agreements/fulfilments/": ({"public_id": done.public_id},),
    }


def _training(world: World) -> dict[str, Values]:
    at, by = datetime.now(UTC), world.actor(world.lin_mei)
    friendly = replace(LINEN, clause_kind=ClauseKind.BEHAVIOUR, characteristic={"en": "Tells the ward in time"})
    link = add_link(by=by, at=at, supplier=world.laundry, customer=world.pharmacy, output={"en": "white coats"})
    version = changes.begin_agreement(by=by, at=at, link=link, clauses=[friendly])
    clause = version.clauses.get()
    [trained] = note_training(by=by, at=at, clause=clause, trained=[Trained(world.gao_ming, at.date())])
    return {
        "agreements/clauses/<slug:public_id>/training/": ({"public_id": clause.public_id},),
        "agreements/training/": ({"public_id": trained.public_id},),
    }


def _workshop(world: World, without: AgreementVersion) -> dict[str, Values]:
    """One in which people vote on a cluster and a note that stands alone; the version ``without`` has none."""
    by, at = world.actor(world.ma_chao), datetime.now(UTC)
    version = changes.begin_agreement(by=by, at=at, link=world.lab_ward, clauses=[ORDER])
    held = workshops.begin_workshop(by=by, at=at, version=version, invited_customer=4, everybody_sorts=True)
    secret = workshops.new_seat_secret()
    seat = workshops.take_seat(at=at, workshop=held, secret=secret, side=Side.CUSTOMER)
    held = workshops.set_stage(by=by, at=at, workshop=held, stage=Stage.CUSTOMER)
    notes = [
        workshops.write_note(at=at, seat=seat, secret=secret, words=words).pk
        for words in ("Results within the hour", "A call for critical values")
    ]
    for stage in (Stage.SUPPLIER, Stage.CLUSTER):
        held = workshops.set_stage(by=by, at=at, workshop=held, stage=stage)
    workshops.put_together(by=by, at=at, workshop=held, notes=notes[:1], name="In time")
    held = workshops.set_stage(by=by, at=at, workshop=held, stage=Stage.VOTE)
    on = {"public_id": held.public_id, "note": notes[1], "topic": notes[1]}
    return {
        "agreements/workshops/": (on,),
        "agreements/workshops/begin/": ({"version": without.public_id},),
        "w/": ({"token": held.token()},),
    }
