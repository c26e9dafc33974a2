"""What stands behind the addresses of pages: for every placeholder of a route records that exist, each in every state
that looks different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import world as hospital
from tests.browser.agreement_records import agreement_values
from tests.browser.complaint_records import complaint_values
from tests.browser.confidant_records import confidant_values
from tests.browser.finding_records import finding_values
from tests.browser.grade_records import grade_values
from tests.browser.handoff_records import handoff_values
from tests.browser.inbox_records import inbox_values
from tests.browser.need_records import need_values
from tests.browser.plan_records import plan_values
from tests.browser.questionnaire_records import questionnaire_values
from tests.browser.result_records import result_values
from tests.browser.steps import MONDAY, linen, work
from tests.browser.survey_records import survey_values
from tests.browser.wave_records import wave_values
from tests.rooms.imports.tables import checked, entered
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import LinkProposal

TABLE = "Code\tName (English)\tName (Chinese)\tKind\tStands under\nX1\tTheatre\t手术室\tDepartment\t\n"
MISTAKEN = TABLE + "X2\tRecovery\t复苏室\tRoom\tX1\n"


@dataclass(frozen=True)
class Filling:
    """What fills the placeholders of the routes that begin with ``route``; the longest beginning counts."""

    route: str
    values: tuple[dict[str, str], ...]


def fillings(world: World) -> list[Filling]:
    """Enters into the hospital what its pages show, and says how their addresses are filled."""
    logs = _logs(world)
    _proposal(world)
    return [
        Filling("", ({"public_id": world.laundry_ward.public_id, "kind": "link"},)),
        Filling("people/", ({"public_id": world.chen_jie.public_id},)),
        Filling("parties/", ({"public_id": world.ward.public_id},)),
        Filling("parties/<slug:public_id>/partner/", ({"public_id": world.linenco.public_id},)),
        Filling("discovery/", tuple({"public_id": log} for log in logs)),
        Filling("keys/", ({"kind": "party", "public_id": world.ward.public_id},)),
        Filling("audit/", ({"seq": _entry()},)),
        Filling("lists/actions/", tuple({"public_id": one} for one in _list_actions(world))),
        Filling("views/", ({"public_id": _view(world)},)),
        Filling("webhooks/", ({"public_id": _webhook(world)},)),
        Filling("monitoring/panel/<slug:kind>/<slug:public_id>/phase/<slug:phase>/", (_phase(world),)),
        *_signals(world),
        Filling("monitoring/panel/<slug:kind>/<slug:public_id>/limits/<slug:limits>/", (_limits(world),)),
        Filling("comments/", ({"public_id": _comment(world)},)),
        *_accounts(world),
        *_imports(world),
        *_outputs_and_more(world),
        *_wizard(world),
        *(Filling(route, values) for route, values in agreement_values(world).items()),
        *(Filling(route, values) for route, values in handoff_values(world).items()),
        *(Filling(route, values) for route, values in survey_values(world).items()),
        *(Filling(route, values) for route, values in plan_values(world).items()),
        # Waves open before findings wait for an answer.
        *(Filling(route, values) for route, values in wave_values(world).items()),
        *(Filling(route, values) for route, values in finding_values(world).items()),
        *(Filling(route, values) for route, values in need_values(world).items()),
        *(Filling(route, values) for route, values in inbox_values(world).items()),
        *(Filling(route, values) for route, values in complaint_values(world).items()),
        *(Filling(route, values) for route, values in confidant_values(world).items()),
        *(Filling(route, values) for route, values in questionnaire_values(world).items()),
        *(Filling(route, values) for route, values in result_values(world).items()),
        *(Filling(route, values) for route, values in grade_values(world).items()),
    ]


def _logs(world: World) -> list[str]:
    """An accepted log with charts, one whose columns are to be chosen, and one that waits for the worker."""
    from baton.chain.changes import event_logs as changes
    from baton_analysis.facts.events import EventMapping

    by, made = world.actor(world.lin_mei), []
    for source in ("Sewing room", "Tailor", "Weaver"):
        file = linen(source)
        log = changes.bring_event_log(by=by, at=datetime.now(UTC), file_name=file["name"], chunks=[file["buffer"]])
        made.append(log.public_id)
        if source != "Tailor":
            mapping = EventMapping(case="bundle", party="place", time="when", activity="step")
            changes.choose_columns(by=by, at=datetime.now(UTC), log=log, mapping=mapping, zone="UTC")
        if source == "Sewing room":
            work()
            log.refresh_from_db()
            changes.accept_event_log(by=by, at=datetime.now(UTC), log=log)
            work(minutes=1)
    return made


def _comment(world: World) -> str:
    """One that may still be changed, with a mention, an address and a file, behind one that was withdrawn."""
    from baton.core.attachments.keeping import kept_files
    from baton.core.discussions import changes

    about = {"kind": "link", "public_id": world.laundry_ward.public_id}
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    gone = changes.add_comment(by=world.actor(world.chen_jie), at=at, words="Mr Zhou of bed 4.", **about)
    changes.withdraw_comment(by=by, at=at, comment=gone, reason="names a patient")
    with kept_files([SimpleUploadedFile("counted.csv", b"day,bags\n1,12\n")]) as files:
        words = "@Zhao Lei, see https://example.org/bags\nand the file."
        return changes.add_comment(by=by, at=at, words=words, files=files, **about).public_id


def _entry() -> str:
    from baton.core.models import AuditEntry

    return str(AuditEntry.objects.get(action="event_log.accepted").seq)


def _view(world: World) -> str:
    """Two saved views, one of them shared and the quality manager's default."""
    from baton.core.lists.changes import choose_default_view, save_view

    by, at, name = world.actor(world.lin_mei), datetime.now(UTC), "chain.needs"
    shared = save_view(by=by, at=at, list_name=name, name="Forgotten", query="unserved=on", shared=True)
    choose_default_view(by=by, at=at, list_name=name, view=shared)
    return save_view(by=by, at=at, list_name=name, name="All", query="state=all&q=bed").public_id


def _list_actions(world: World) -> list[str]:
    """Something to be done to links, and something of which a row was refused."""
    from baton.core import changes

    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    rows = [(world.lab_ward.public_id, world.lab_ward.changed_seq), ("notthereanymore1", 1)]
    made = [changes.propose_action(by=by, at=at, list_name="chain.links", act="judge", rows=rows) for _ in range(2)]
    begun = changes.begin_action(by=by, at=at, action=made[0], arguments={"stage": "back"})
    changes.carry_out(by=by, at=at, action=begun)
    return [one.public_id for one in made]


def _webhook(world: World) -> str:
    """One with a delivery in its log."""
    from baton.core.webhooks.changes import add_webhook, send_test

    by, at = world.actor(world.sun_yan), datetime.now(UTC)
    address = "https://receiver.example.org/baton"
    webhook, _secret = add_webhook(by=by, at=at, name="Maintenance", address=address, events=["party.renamed"])
    send_test(by=by, at=at, webhook=webhook)
    return webhook.public_id


def _phase(world: World) -> dict[str, str]:
    """A phase on the chart of a link."""
    from baton.monitoring.changes import start_phase
    from baton.monitoring.queries import subject_of
    from baton.monitoring.rules import WAITING_TIME

    by, link = world.actor(world.lin_mei), world.laundry_ward.public_id
    subject = subject_of(viewer=by, kind="link", public_id=link)
    day = (MONDAY + timedelta(weeks=30)).date()
    phase = start_phase(
        by=by, at=datetime.now(UTC), subject=subject, measure=WAITING_TIME, day=day, reason="A second dryer"
    )
    return {"kind": "link", "public_id": link, "phase": phase.public_id}


def _signals(world: World) -> list[Filling]:
    """One that is open and one that somebody closed, and a rule of who is told."""
    from baton.core.audit.trail import change
    from baton.monitoring import changes
    from baton.monitoring.models import Signal

    by, at, made = world.actor(world.lin_mei), datetime.now(UTC), []
    for side in ("above", "below"):
        signal = Signal(
            number=f"S-2026-9{side}", subject=world.laundry_ward.measured_as, measure="waiting_time", side=side,
            rule_set="western_electric", rules="WE1", severity="strong", began=20_000, week=20_000, last_week=20_000,
            patterns=[{"rule": "WE1", "name": "One point beyond {sigmas} sigma", "values": {"sigmas": "3"}}],
            opened_at=at, owner=world.zhao_lei, holds=True, adjusted=0.01, effect=600.0, handoffs=12, cost=7_200.0,
        )  # fmt: skip
        with change(by=hospital.SYSTEM, at=at) as trail:
            trail.save(signal, "signal.opened")
        made.append(signal)
    closed = changes.close_signal(by=by, at=at, signal=made[1], reason="One machine broke")
    rule = changes.add_signal_rule(by=by, at=at, person=world.lin_mei)
    return [
        Filling("monitoring/signals/", tuple({"public_id": one.public_id} for one in (made[0], closed))),
        Filling("monitoring/signals/<slug:public_id>/reopen/", ({"public_id": closed.public_id},)),
        Filling("monitoring/signals/telling/", ({"public_id": rule.public_id},)),
    ]


def _limits(world: World) -> dict[str, str]:
    """Specification limits of a link."""
    from baton.monitoring.changes import specify
    from baton.monitoring.queries import subject_of

    by, link = world.actor(world.lin_mei), world.laundry_ward.public_id
    subject = subject_of(viewer=by, kind="link", public_id=link)
    limits = specify(
        by=by, at=datetime.now(UTC), subject=subject, began_on=MONDAY.date(), upper=14_400.0, target=7_200.0,
        reason="Agreed with the ward",
    )  # fmt: skip
    return {"kind": "link", "public_id": link, "limits": limits.public_id}


def _proposal(world: World) -> LinkProposal:
    """One that names nobody known, so that the quality manager answers it."""
    from baton.chain.changes.proposals import ProposedLink, propose_links
    from baton.chain.rules import Side

    by = world.actor(world.chen_jie)
    asked = ProposedLink(Side.SUPPLIER, "The cellar", "Blankets")
    return propose_links(by=by, at=datetime.now(UTC), party=world.ward, links=[asked])[0]


def _accounts(world: World) -> list[Filling]:
    """A household of the patient's with a contact, and one who asked not to be contacted."""
    from baton.chain import changes

    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    account = changes.add_account(by=by, at=at, party=world.patient, number="A-001", name="Li household")
    contact = changes.add_contact(
        by=by, at=at, account=account, name="Li Na", phone="138 1234 1234", email="li.na@example.org"
    )
    changes.add_contact(by=by, at=at, account=account, name="Li Wei", phone="139 1234 1234", quiet=True)
    return [
        Filling("accounts-of/", ({"party": world.patient.public_id},)),
        Filling("customer-accounts/", ({"public_id": account.public_id},)),
        Filling("contacts/", ({"public_id": contact.public_id},)),
    ]


def _imports(world: World) -> list[Filling]:
    """Imports that were entered, refused in part, and are being checked; with them a bulk entry."""
    from baton.core.changes.imports import bring_import, check_import
    from baton.core.models import Batch
    from baton.core.rules import ImportOrigin

    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    done, mistaken = entered("organisation", TABLE, by=by), checked("organisation", MISTAKEN, by=by)
    waiting = bring_import(
        by=by, at=at, target="organisation", title="t", origin=ImportOrigin.PASTE, chunks=[TABLE.encode()]
    )
    check_import(by=by, at=at, run=waiting, mapping=mistaken.mapping)
    runs = tuple({"public_id": run.public_id} for run in (done, mistaken, waiting))
    batch = Batch.objects.get(import_run=done)
    return [
        Filling("data/imports/", runs),
        Filling("data/imports/bring/", tuple({"target": one} for one in ("organisation", "people", "links"))),
        Filling("data/bulk/", ({"public_id": batch.public_id},)),
    ]


def _outputs_and_more(world: World) -> list[Filling]:
    """An output with a responsibility, a need that a link names, a project beyond its planned end, a gap."""
    from baton.chain import changes

    output, at = world.pharmacy_ward.output, hospital.NOON
    held = changes.give_responsibility(
        by=hospital.SYSTEM, at=at, output=output, party=world.pharmacy, responsible="accountable"
    )  # fmt: skip
    changes.revise_output(by=hospital.SYSTEM, at=at, output=output, label="B", note="In unit doses")
    need = changes.add_need(by=hospital.SYSTEM, at=at, holder=world.patient, words={"en": "A clean bed tonight"})
    changes.change_link(
        by=hospital.SYSTEM, at=at, link=world.ward_patient, output=world.ward_patient.output, output_kind="service",
        need=need,
    )  # fmt: skip
    project = changes.add_project(
        by=hospital.SYSTEM, at=at, name={"en": "New dryers"}, owner=world.laundry, ends_on=at.date()
    )
    gap = {"detector": "output_without_owner", "key": world.laundry_ward.output.public_id}
    return [
        Filling("outputs/", ({"public_id": output.public_id},)),
        Filling("responsibilities/", ({"public_id": held.public_id},)),
        Filling("needs/", ({"public_id": need.public_id},)),
        Filling("projects/", ({"public_id": project.public_id},)),
        Filling("gaps/", (gap,)),
    ]


def _wizard(world: World) -> list[Filling]:
    """A draft that has chosen its sector, so that every step is there."""
    from baton.starters.changes import keep_draft
    from baton.starters.plans import STEPS

    keep_draft(by=world.actor(world.lin_mei), at=datetime.now(UTC), answers={"sector": "hospital"})
    return [
        Filling("start/", tuple({"step": step} for step in STEPS)),
        Filling("start/sectors/", ({"code": "hospital"}, {"code": "factory"})),
    ]
