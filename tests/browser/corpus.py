"""Enters :data:`tests.browser.vectors.VECTORS` through ``changes`` where the forms of pages alone do not lead: names in
lists, on the map and in charts, logs and tables that are brought, proposals, messages, accounts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from baton.chain import changes, queries
from baton.chain.models import Party
from baton.chain.rules import Capacity, Detector, GapReply, OutputKind, PartyKind, Side
from baton.core.rules import Role
from tests.browser import agreement_corpus
from tests.browser.handoff_records import enter_handoffs
from tests.browser.steps import MONDAY, work
from tests.browser.vectors import EMAIL, VECTORS, fitting
from tests.rooms.imports.tables import checked
from tests.world import SYSTEM, World

PARTIES = 20


def enter(world: World) -> None:
    """All of it, into the hospital."""
    at = datetime.now(UTC)
    parties = _parties(world, at)
    _people(world, at, parties[0])
    _log(world, at)
    _proposals(world, at)
    _accounts(world, at)
    _tables(world, at)
    _comments(world, at)
    _others(world, at)
    _signatures(world, at)
    agreement_corpus.enter(world, at)
    enter_handoffs(world, at)
    _surveys(world, at)
    _grades(world, at)
    _complaints(world, at)


def _parties(world: World, at: datetime) -> list[Party]:
    """Parties whose names share the vectors among them, each with a link to the ward, so that the map, the matrix and
    the circles name them."""
    made = []
    for number in range(PARTIES):
        name = {"en": fitting(200, 3 * number), "zh-hans": fitting(200, 3 * number + 1)}
        party = changes.add_party(
            by=SYSTEM, at=at, party_kind=PartyKind.TEAM, name=name, code=f"<b>{number} {fitting(40, number)}"
        )
        output = {"en": fitting(200, 3 * number + 2), "zh-hans": fitting(200, 3 * number)}
        changes.add_link(
            by=SYSTEM, at=at, supplier=party, customer=world.ward, output=output, output_kind=OutputKind.SERVICE
        )
        made.append(party)
    return made


def _people(world: World, at: datetime, party: Party) -> None:
    from baton.core.changes import add_person, give_role, link_identity

    name = {"en": fitting(200, 7), "zh-hans": fitting(200, 11)}
    person = add_person(by=SYSTEM, at=at, sign_in_name="<svg onload=alert(1)>", name=name, email=EMAIL)
    give_role(by=SYSTEM, at=at, person=person, role=Role.AUDITOR)
    link_identity(by=SYSTEM, at=at, person=person, issuer="https://id.example.org", subject=fitting(255, 5))
    changes.appoint(by=SYSTEM, at=at, party=party, person=person, capacity=Capacity.MEMBER, note=fitting(200, 13))


def _log(world: World, at: datetime) -> None:
    """A log whose parties, columns and file bear such names; one of the parties is matched, so that it counts."""
    from baton.chain.changes import event_logs
    from baton_analysis.facts.events import EventMapping

    rows = io.StringIO()
    table = csv.writer(rows)
    columns = [f"{name} {VECTORS[place]}" for place, name in enumerate(("case", "party", "time", "step"))]
    table.writerow(columns)
    for number in range(120):
        parties = [VECTORS[number % 30], "Ward 3", VECTORS[(number + 1) % 30]]
        for step, party in enumerate(parties):
            when = MONDAY + timedelta(hours=7 * number + 3 * step)
            table.writerow([f"<b>{number}", party, f"{when:%Y-%m-%d %H:%M}", VECTORS[(number + step) % 30]])
    by = world.actor(world.lin_mei)
    title = f"{fitting(120, 1).replace('/', '')}.csv"
    log = event_logs.bring_event_log(by=by, at=at, file_name=title, chunks=[rows.getvalue().encode()])
    case, party, time, step = columns
    mapping = EventMapping(case=case, party=party, time=time, activity=step)
    event_logs.choose_columns(by=by, at=at, log=log, mapping=mapping, zone="UTC", system=fitting(60, 2))
    work()
    log.refresh_from_db()
    changes.accept_event_log(by=by, at=at, log=log)
    work(minutes=1)


def _proposals(world: World, at: datetime) -> None:
    """One that waits for an answer, and one that was declined."""
    from baton.chain.changes.proposals import ProposedLink, decline_proposal, propose_links

    asked = [
        ProposedLink(Side.SUPPLIER, fitting(200, 4 + turn), fitting(200, 8), fitting(200, 12), fitting(200, 16))
        for turn in range(2)
    ]
    made = propose_links(by=world.actor(world.chen_jie), at=at, party=world.ward, links=asked)
    decline_proposal(by=world.actor(world.lin_mei), at=at, proposal=made[0], reason=fitting(200, 24))


def _accounts(world: World, at: datetime) -> None:
    account = changes.add_account(by=SYSTEM, at=at, party=world.patient, number=fitting(40, 6), name=fitting(200, 20))
    changes.add_contact(
        by=SYSTEM, at=at, account=account, name=fitting(200, 21), email=EMAIL, phone="138 0013 8001",
        consented_on=at.date(), consent_source=fitting(200, 22),
    )  # fmt: skip


def _tables(world: World, at: datetime) -> None:
    """A table with mistakes in every row, and one that is kept as a way of reading tables."""
    from baton.core.changes.imports import keep_mapping

    header = ["Code", "Name (English)", "Name (Chinese)", "Kind", "Stands under", *VECTORS[:5]]
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(header)
    for number, vector in enumerate(VECTORS):
        table.writerow([f"X{number}", vector, vector, vector, vector, *VECTORS[:5]])
    by = world.actor(world.lin_mei)
    title = f"{fitting(150, 3).replace('/', '')}.csv"
    by_name = dict(zip(["name_en", "name_zh_hans", "party_kind", "parent"], header[1:5], strict=True))
    mapping = {**by_name, "code": VECTORS[0]}
    checked("organisation", rows.getvalue().encode(), by=by, system=fitting(60, 9), mapping=mapping, name=title)
    keep_mapping(by=by, at=at, target="organisation", name=fitting(60, 10), mapping=mapping, system=fitting(60, 11))


def _comments(world: World, at: datetime) -> None:
    """Comments on a party and on a link, with addresses that end in vectors, a mention, and a file of such a name."""
    from baton.core.attachments.keeping import kept_files
    from baton.core.discussions.changes import add_comment

    by = world.actor(world.lin_mei)
    words = "\n".join([*VECTORS, *(f"https://example.org/{vector} @Chen Jie" for vector in VECTORS[:30])])
    file = SimpleUploadedFile(f"{fitting(60, 27)}.txt", b"counted", content_type="text/plain")
    file._name = f"{fitting(60, 27).replace('/', '')}.txt"  # a browser sends any name; Django's class cuts it
    with kept_files([file]) as files:
        add_comment(by=by, at=at, kind="link", public_id=world.laundry_ward.public_id, words=words, files=files)
    add_comment(by=by, at=at, kind="party", public_id=world.ward.public_id, words=words)


def _others(world: World, at: datetime) -> None:
    from baton.core.changes import make_token
    from baton.core.webhooks.changes import add_webhook
    from baton.monitoring.changes import specify, start_phase
    from baton.monitoring.queries import subject_of
    from baton.monitoring.rules import WAITING_TIME

    manager, administrator = world.actor(world.lin_mei), world.actor(world.sun_yan)
    link = world.laundry_ward
    changes.judge_link(
        by=manager, at=at, link=link, spend=3, irreplaceability=3, impact=3, sourcing="chosen",
        continuity_plan=fitting(500, 14), stage="front",
    )  # fmt: skip
    key = world.linenco_stores.output.public_id
    gap = queries.gap(viewer=manager, at=at, detector=Detector.OUTPUT_WITHOUT_OWNER, key=key)
    assert gap is not None
    changes.answer_gap(by=manager, at=at, gap=gap.gap, reply=GapReply.ACCEPTED, reason=fitting(200, 28))
    changes.add_output(by=SYSTEM, at=at, name={"en": fitting(200, 25)}, item_code=fitting(60, 26))
    make_token(by=manager, at=at, name=fitting(100, 15), scopes=["chain:read"], days=30)
    address = "https://receiver.example.org/<b>alert(1)"
    add_webhook(by=administrator, at=at, name=fitting(100, 17), address=address, events=["party.renamed"])
    subject = subject_of(viewer=manager, kind="link", public_id=link.public_id)
    day = (MONDAY + timedelta(weeks=20)).date()
    start_phase(by=manager, at=at, subject=subject, measure=WAITING_TIME, day=day, reason=fitting(300, 18))
    specify(by=manager, at=at, subject=subject, began_on=day, upper=14_400.0, reason=fitting(300, 29))


def _signatures(world: World, at: datetime) -> None:
    """Somebody outside is asked with a task link, objects in words, and signs on paper."""
    from baton.agreements import changes as agreements
    from baton.agreements.models import AgreementVersion
    from baton.agreements.rules import Side as OfLink
    from baton.core.changes import object_through, sign
    from baton.core.signatures import digest_now
    from baton.core.signing_rules import Grade, Meaning

    version = AgreementVersion.objects.get(agreement__link=world.linenco_laundry, state="proposed")
    digest = digest_now("agreement_version", version.public_id)
    asked = [
        agreements.ask_outside(
            by=world.actor(world.zhao_lei), at=at, version=version, side=OfLink.SUPPLIER, digest=digest,
            name=fitting(120, number), days=14, email=EMAIL,
        )
        for number in range(3)
    ]  # fmt: skip
    for number, made in enumerate(asked):
        object_through(at=at, link=made.link, code=made.code, words=fitting(2000, number))
        sign(
            by=SYSTEM, at=at, kind="agreement_version", public_id=version.public_id, expected_digest=digest,
            meaning=Meaning.REVIEW, grade=Grade.PAPER, name=fitting(120, number), side="supplier",
            capacity={"en": fitting(200, number)},
        )  # fmt: skip


def _plan(world: World, at: datetime) -> None:
    """A plan whose survey was prepared and withdrawn with hostile words, and that was ended so."""
    from baton.feedback import changes as surveys
    from tests.rooms.feedback.plans import planned

    texts = {
        "title": {"en": fitting(180, 1), "zh-hans": fitting(180, 6)},
        "intro": {"en": fitting(2_000, 8), "zh-hans": fitting(2_000, 9)},
    }
    planned(world, **texts)
    ended = planned(world, **texts)
    surveys.end_plan(by=world.actor(world.lin_mei), at=at, plan=ended, reason=fitting(500, 23))


def _surveys(world: World, at: datetime) -> None:
    """What a customer expects and expects no more, what came of a finding, comments, one of them withheld, and a sheet
    beside a name. No form leads to these records, so that none takes their words back."""
    from baton.feedback import changes as surveys
    from baton.feedback.models import Finding, SurveyComment
    from baton.feedback.rules import Mode
    from baton.feedback.rules.expectations import Channel
    from tests.rooms.feedback.asked import asking, cards, cast, closed, opened, prepared

    by = world.actor(world.lin_mei)
    for turn in range(2):
        said = {"en": fitting(1_000, 5 * turn), "zh-hans": fitting(1_000, 5 * turn + 2)}
        expected = surveys.add_expectation(by=by, at=at, link=world.laundry_ward, words=said, channel=Channel.VISIT)
    surveys.end_expectation(by=by, at=at, expectation=expected, reason=fitting(500, 17))
    _plan(world, at)
    before = Finding.objects.select_related("wave", "supplier").order_by("pk")[0]
    words = {"en": fitting(1_000, 3), "zh-hans": fitting(1_000, 7)}
    found = surveys.add_finding(by=by, at=at, wave=before.wave, supplier=before.supplier, words=words)
    promised = surveys.answer_finding(
        by=by, at=at, finding=found, answer=fitting(1_000, 11), owner=world.lin_mei, promised_for=at.date()
    )
    surveys.finish_finding(by=by, at=at, finding=promised, outcome=fitting(1_000, 29))
    wave = opened(world, prepared(world, links=[world.lab_ward]))
    for turn, token in enumerate(cards(world, wave, 12)):
        cast(wave, token, on_time=3, better=fitting(4_000, 13 * turn))
    published = surveys.publish_wave(by=by, at=at, wave=closed(world, wave))
    comment = SurveyComment.objects.filter(wave=published)[0]
    surveys.withhold_comment(by=by, at=at, comment=comment, reason=fitting(500, 31))
    named = opened(world, asking(world, prepared(world, links=[world.lab_ward], mode=Mode.NAMED), [world.chen_jie]))
    answers = {one.public_id: {"on_time": 3, "better": fitting(4_000, 41)} for one in named.links.all()}
    surveys.answer_by_name(by=world.actor(world.chen_jie), at=at, wave=named, answers=answers)
    _needs(world, at)
    _feedback(world, at)


def _needs(world: World, at: datetime) -> None:
    """What somebody needs to serve well, what was answered, and what is missing still."""
    from baton.feedback import changes as surveys
    from baton.feedback.rules.needs import Addressee, NeedCategory

    asker, by = world.actor(world.chen_jie), world.actor(world.lin_mei)
    for turn in range(2):
        need = surveys.say_need(
            by=asker, at=at, category=NeedCategory.TOOLS, words=fitting(1_000, 7 * turn), addressee=Addressee.HEAD,
            department=None,
        )  # fmt: skip
        need = surveys.promise_need(
            by=by, at=at, need=need, words=fitting(1_000, 7 * turn + 3), owner=world.lin_mei, promised_for=at.date()
        )
        surveys.judge_need(by=asker, at=at, need=need, met=False, words=fitting(1_000, 7 * turn + 5))


def _feedback(world: World, at: datetime) -> None:
    """What somebody told by telephone, passed on, answered and thanked for."""
    from baton.feedback import changes as surveys
    from baton.feedback.rules.inbox import FeedbackChannel

    by = world.actor(world.lin_mei)
    for turn in range(2):
        told = surveys.FeedbackTold(
            fitting(4_000, 7 * turn), party=world.laundry, name=fitting(120, turn), reach=fitting(200, turn + 2)
        )
        item = surveys.enter_feedback(by=by, at=at, told=told, channel=FeedbackChannel.TELEPHONE)
        item = surveys.pass_on_feedback(by=by, at=at, item=item, party=world.ward, words=fitting(1_000, turn + 1))
        item = surveys.answer_feedback(by=by, at=at, item=item, words=fitting(1_000, turn + 3))
        surveys.thank_for_feedback(by=by, at=at, item=item, words=fitting(1_000, turn + 5), earner=world.gao_ming)


def _grades(world: World, at: datetime) -> None:
    """A named grade with its reason and fact, in a round that somebody closed before its time, and the reply to it."""
    from baton.feedback.changes import grade_rounds
    from baton.feedback.changes.grade_promises import finish_promise
    from baton.feedback.rules.grades import Grade, Said
    from tests.rooms.feedback.graded import graded, replied, round_opened, row

    day = at.date()
    title = {"en": fitting(200, 19), "zh-hans": fitting(200, 23)}
    round = round_opened(world, title=title, began_on=day - timedelta(days=330), until_on=day)
    linen = row(round, world.ward, world.laundry)
    graded(world, world.wang_fang, linen, Said(Grade.E, fitting(1_000, 3), fitting(1_000, 7), day))
    by = world.actor(world.lin_mei)
    grade_rounds.close_grade_round(by=by, at=at, round=round, reason=fitting(500, 11))
    held = replied(world, linen, reply=fitting(1_000, 13))
    finish_promise(by=world.actor(world.gao_ming), at=at, grade=held, outcome=fitting(1_000, 17))


def _complaints(world: World, at: datetime) -> None:
    """A complaint of somebody outside, whose every line was typed, and what was told him."""
    from baton.feedback import changes as feedback
    from baton.feedback.rules.complaints import Channel, ComplaintGiven

    lines = ("customer_name", "customer_number", "telephone", "product", "model", "lot", "invoice")
    typed = {name: fitting(60, place) for place, name in enumerate(lines)}
    by, given = world.actor(world.lin_mei), ComplaintGiven(phenomenon=fitting(4_000, 9), email=EMAIL, **typed)
    one = feedback.receive_complaint(by=by, at=at, given=given, supplier=world.laundry)
    feedback.acknowledge_complaint(by=by, at=at, complaint=one, channel=Channel.EMAIL, words=fitting(4_000, 12))
