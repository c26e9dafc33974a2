"""Pages of a consultation through the front door."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from baton.agreements import changes
from baton.agreements.models import ConsultationRule, Invitation, Opinion
from baton.agreements.queries.hearing import line_of
from baton.agreements.rules import Outcome, Side, Stance
from baton.core.signatures import digest_now
from tests.rooms.agreements.made import LINEN, first_clause, proposed, terms
from tests.rooms.agreements.test_consulting import WORDS, consulted, counter, say
from tests.rooms.agreements.test_pages import TYPED
from tests.world import NOON, World


def test_a_nurse_speaks_on_her_phone_and_is_answered(world: World) -> None:
    version, nurse, head = consulted(world), world.client(world.chen_jie), world.client(world.wang_fang)
    on = f"/agreements/versions/{version.public_id}"
    staff = head.get(f"{on}/staff/customer/").content.decode()
    assert "Everybody: 4" in staff
    assert "Sun Lei" in staff
    assert "Gao Ming" not in staff
    sent = {"whom": "chosen", "people": [world.chen_jie.public_id], "due_on": "2099-01-01"}
    wrong = head.post(f"{on}/staff/customer/", sent)
    assert wrong.status_code == 422
    assert "Expected a day from" in wrong.content.decode()
    due = _day_in_the_form(staff)
    assert head.post(f"{on}/staff/customer/", {**sent, "due_on": due}).status_code == 302
    assert f"{on}/opinion/" in nurse.get("/").content.decode()
    page = nurse.get(f"{on}/opinion/").content.decode()
    assert "Not anonymous" in page
    assert "0 of 2 clauses" in page
    assert "Consent to all" in page
    clause = first_clause(version)
    typed = {"line": clause.line, "version": str(clause.changed_seq), "stance": "objection", "text": " "}
    refused = nurse.post(f"{on}/opinion/say/", typed)
    assert refused.status_code == 422
    assert "Expected a sentence. Nothing was entered." in refused.content.decode()
    assert nurse.post(f"{on}/opinion/say/", {**typed, "text": WORDS}).status_code == 302
    assert nurse.post(f"{on}/opinion/rest/", {"version": str(version.changed_seq)}).status_code == 302
    assert "2 of 2 clauses" in nurse.get(f"{on}/opinion/").content.decode()


def test_an_objection_is_answered_in_place(world: World) -> None:
    version, nurse, laundry = (
        consulted(world, world.chen_jie),
        world.client(world.chen_jie),
        world.client(world.zhao_lei),
    )
    on = f"/agreements/versions/{version.public_id}"
    say(world, world.chen_jie, version, Stance.OBJECTION, text=WORDS)
    objection = Opinion.objects.get(stance=Stance.OBJECTION)
    overview = laundry.get(f"{on}/consultation/").content.decode()
    assert WORDS in overview
    assert "1 waits for an answer" in overview
    answering = f"/agreements/opinions/{objection.public_id}/answer/"
    version_sent = {"version": str(objection.changed_seq)}
    empty = laundry.post(answering, {**version_sent, "answer": "", "decline": "yes"})
    assert empty.status_code == 422
    assert "Answer in a sentence" in empty.content.decode()
    same = laundry.post(answering, {**version_sent, "answer": "Earlier now", "adopt": "yes"})
    assert "It reads as it did" in same.content.decode()
    assert "Earlier now" in same.content.decode()
    assert laundry.post(answering, {**version_sent, "answer": "At seven", "decline": "yes"}).status_code == 302
    assert "At seven" in nurse.get(f"{on}/opinion/").content.decode()
    table = laundry.get(f"{on}/opinions/")
    assert WORDS in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_counter_proposal_in_the_form_of_the_clause(world: World) -> None:
    version, nurse = consulted(world, world.chen_jie), world.client(world.chen_jie)
    address = f"/agreements/versions/{version.public_id}/counter/{first_clause(version).line}/"
    seen = _version_on(nurse, address)
    for wrong, said in (
        ({"unit": "ppm"}, "One of the choices was expected"),
        ({"attainment": "101"}, "Expected a share of the cases above 0"),
        ({"target": "24"}, "It says the same"),
    ):
        answer = nurse.post(address, {**TYPED, **wrong, "version": seen, "reason": WORDS})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert WORDS in answer.content.decode()
    assert nurse.post(address, {**TYPED, "version": seen, "reason": WORDS}).status_code == 302
    page = nurse.get(f"/agreements/versions/{version.public_id}/opinion/").content.decode()
    assert re.search(r"<del>24 business hours</del> → <ins>12 business hours</ins>", page)
    shown = nurse.get(address).content.decode()
    assert 'value="12"' in shown  # his own, to be changed


def test_the_second_side_that_counters_sees_both_texts_and_keeps_its_input(world: World) -> None:
    version = proposed(world)
    address = f"/agreements/versions/{version.public_id}/counter/{first_clause(version).line}/"
    laundry, ward = world.client(world.zhao_lei), world.client(world.wang_fang)
    seen = _version_on(ward, address)
    assert laundry.post(address, {**TYPED, "target": "20", "version": seen, "reason": ""}).status_code == 302
    second = ward.post(address, {**TYPED, "version": seen, "reason": WORDS})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Now stands: 20.0" not in page
    assert "Now stands: 20" in page
    assert 'value="12"' in page
    assert WORDS in page
    again = re.search(r'name="version" value="(\d+)"', page)
    assert again is not None
    assert ward.post(address, {**TYPED, "version": again[1], "reason": WORDS}).status_code == 302
    assert sorted(one.proposed["target"] for one in Opinion.objects.all()) == [12.0, 20.0]


def test_what_was_changed_meanwhile_is_shown_beside_what_was_typed(world: World) -> None:
    version, nurse = consulted(world, world.chen_jie), world.client(world.chen_jie)
    clause = first_clause(version)
    changes.change_clause(by=world.actor(world.zhao_lei), at=NOON, clause=clause, terms=terms(target=20.0))
    typed = {"line": clause.line, "version": str(clause.changed_seq), "stance": "objection", "text": WORDS}
    answer = nurse.post(f"/agreements/versions/{version.public_id}/opinion/say/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "20 business hours" in page
    assert WORDS in page
    assert "while you were editing" in page


def test_after_closing_everything_can_be_read_and_nothing_said(world: World) -> None:
    version, nurse = consulted(world, world.chen_jie), world.client(world.chen_jie)
    said = say(world, world.chen_jie, version, Stance.OBJECTION, text="<b>late</b>")
    changes.decline_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=said, answer="At seven")
    changes.close_consultation(by=world.actor(world.wang_fang), at=NOON, version=version)
    page = nurse.get(f"/agreements/versions/{version.public_id}/opinion/").content.decode()
    assert "The consultation is over" in page
    assert "&lt;b&gt;late" in page
    assert "<textarea" not in page
    late = {"line": "", "stance": "comment", "text": "One more thing", "version": ""}
    answer = nurse.post(f"/agreements/versions/{version.public_id}/opinion/say/", late)
    assert answer.status_code == 422
    assert "a consultation that is still open" in answer.content.decode()
    assert "One more thing" in answer.content.decode()
    strange = world.client(world.he_ping).get(f"/agreements/versions/{version.public_id}/consultation/")
    assert strange.status_code == 404
    agreement = nurse.get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "1 of 1 have spoken" in agreement


def test_who_is_not_asked_reads_figures_only(world: World) -> None:
    version = consulted(world, world.chen_jie)
    counter(world, world.chen_jie, version, 12.0, text=WORDS)
    held = Invitation.objects.get()
    other = world.client(world.sun_lei)
    page = other.get(f"/agreements/versions/{version.public_id}/consultation/").content.decode()
    assert "1 of 1 have spoken" in page
    assert WORDS not in page
    assert "Chen Jie" not in page
    mine = other.get(f"/agreements/versions/{version.public_id}/opinion/").content.decode()
    assert "You are not asked about it" in mine
    assert "<textarea" not in mine
    for address in (
        "opinions/",
        "staff/customer/",
        f"counter/{line_of(first_clause(version))}/",
    ):  # fmt: skip
        assert other.get(f"/agreements/versions/{version.public_id}/{address}").status_code == 403
    assert other.get(f"/agreements/invitations/{held.public_id}/end/").status_code == 404
    assert other.get(f"/agreements/opinions/{Opinion.objects.get().public_id}/answer/").status_code == 404


def test_the_rule_of_the_organisation_has_a_page(world: World) -> None:
    quality = world.client(world.lin_mei)
    page = quality.get("/agreements/participation/").content.decode()
    assert 'value="50"' in page
    sent = {"minimum_participation": "60", "always": "on", "version": _hidden(page, "version"), "reason": "Council"}
    assert quality.post("/agreements/participation/", sent).status_code == 302
    assert ConsultationRule.objects.get().always
    stale = quality.post("/agreements/participation/", sent | {"minimum_participation": "70"})
    assert stale.status_code == 409
    assert (
        quality.post("/agreements/participation/", {"minimum_participation": "101", "version": "0"}).status_code == 422
    )
    assert world.client(world.wang_fang).get("/agreements/participation/").status_code == 403


@pytest.mark.parametrize("outcome", [Outcome.ADOPTED, Outcome.WITHDRAWN])
def test_what_is_over_is_answered_no_more(world: World, outcome: Outcome) -> None:
    version = consulted(world, world.chen_jie)
    said = counter(world, world.chen_jie, version, 12.0)
    seen = said.changed_seq
    if outcome is Outcome.ADOPTED:
        changes.adopt_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=said)
    else:
        changes.withdraw_opinion(by=world.actor(world.chen_jie), at=NOON, opinion=said)
    answer = world.client(world.zhao_lei).post(
        f"/agreements/opinions/{said.public_id}/answer/",
        {"version": str(seen), "answer": "As we agreed", "adopt": "yes"},
    )
    assert answer.status_code == 422
    assert "nobody has answered or taken back" in answer.content.decode()
    assert "As we agreed" in answer.content.decode()


def _version_on(client: Client, address: str) -> str:
    return _hidden(client.get(address).content.decode(), "version")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', page)
    assert found is not None
    return found[1]


def _day_in_the_form(page: str) -> str:
    found = re.search(r'name="due_on" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("state", ["consultation", "proposed"])
def test_somebody_outside_objects_to_a_clause_and_is_answered(world: World, state: str) -> None:
    by = world.actor(world.zhao_lei)
    version = changes.begin_agreement(by=by, at=datetime.now(UTC), link=world.linenco_laundry, clauses=[LINEN])
    version = changes.propose_version(by=by, at=datetime.now(UTC), version=version)
    if state == "consultation":
        version = changes.open_consultation(by=by, at=datetime.now(UTC), version=version)
    digest = digest_now("agreement_version", version.public_id)
    asked = {"side": Side.SUPPLIER, "digest": digest, "name": "Ana Silva", "days": 14}
    made = changes.ask_outside(by=by, at=datetime.now(UTC), version=version, **asked)  # type: ignore[arg-type]
    stranger, address = world.client(), f"/task/{made.token}/"
    page = stranger.post(address, {"code": made.code}).content.decode()
    assert "Clean linen is on the ward</option>" in page
    assert ("I consent" in page) is (state == "consultation")
    line = first_clause(version).line
    refused = stranger.post(address, {"code": made.code, "step": "object", "words": WORDS, "about": "another"})
    assert refused.status_code == 422
    sent = stranger.post(address, {"code": made.code, "step": "object", "words": WORDS, "about": line})
    assert "Your objection was sent" in sent.content.decode()
    objection = Opinion.objects.get()
    assert (objection.line, objection.text, objection.person) == (line, WORDS, None)
    overview = world.client(world.zhao_lei).get(f"/agreements/versions/{version.public_id}/consultation/")
    assert "Ana Silva" in overview.content.decode()
    changes.decline_opinion(by=by, at=datetime.now(UTC), opinion=objection, answer="The van comes at seven")


def test_somebody_outside_consents_to_what_is_still_changed(world: World) -> None:
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    version = changes.begin_agreement(by=by, at=at, link=world.linenco_laundry, clauses=[LINEN])
    version = changes.open_consultation(
        by=by, at=at, version=changes.propose_version(by=by, at=at, version=version)
    )  # fmt: skip
    digest = digest_now("agreement_version", version.public_id)
    made = changes.ask_outside(
        by=by, at=at, version=version, side=Side.SUPPLIER, digest=digest, name="Ana Silva", days=14
    )
    changes.change_clause(by=by, at=at, clause=first_clause(version), terms=terms(target=20.0))
    stranger, sent = world.client(), {"code": made.code, "step": "accept", "digest": digest, "name": "Ana Silva"}
    page = stranger.post(f"/task/{made.token}/", sent).content.decode()
    assert "Your consent was sent. Nothing was signed." in page
    assert Opinion.objects.get().stance == Stance.CONSENT
