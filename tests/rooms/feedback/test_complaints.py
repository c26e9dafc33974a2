"""The complaint form: its clocks, its steps, its two signatures, and who reads what of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification, PersonalValue
from baton.core.queries import signatures_of
from baton.feedback import changes
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.queries import complaints as queries
from baton.feedback.rules.complaints import Channel, ComplaintAct, ComplaintState, ComplaintTimes, Urgency
from tests.rooms.feedback.complaining import (
    MONDAY,
    NAME,
    TELEPHONE,
    WORDS,
    again,
    closed,
    decided,
    investigated,
    later,
    received,
    resolved,
    signed,
)
from tests.rooms.feedback.test_needs import weekdays
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

pytestmark = pytest.mark.django_db


def times(world: World, one: Complaint, at: datetime) -> ComplaintTimes:
    return queries.timed(viewer=world.actor(world.lin_mei), at=at, complaints=[again(one)])[0][1]


class TestClocks:
    def test_a_normal_one_is_acknowledged_in_a_day_and_resolved_in_ten(self, world: World) -> None:
        """Monday 8 June is a holiday: ten working days after Monday 1 June is Tuesday 16 June."""
        weekdays()
        found = times(world, received(world), MONDAY)
        assert found.acknowledged.due == datetime(2026, 6, 2, 16, 0, tzinfo=UTC)
        assert found.resolved.due == datetime(2026, 6, 16, 16, 0, tzinfo=UTC)
        assert (found.notified.due, found.late) == (None, False)

    def test_hours_of_an_urgent_one_are_working_hours(self, world: World) -> None:
        weekdays()
        one = received(world, at=datetime(2026, 6, 5, 14, 0, tzinfo=UTC), urgency=Urgency.URGENT)
        found = times(world, one, datetime(2026, 6, 9, 12, 0, tzinfo=UTC))
        assert found.acknowledged.due == datetime(2026, 6, 9, 12, 0, tzinfo=UTC)
        assert not found.late
        assert times(world, one, datetime(2026, 6, 9, 12, 1, tzinfo=UTC)).late

    def test_each_clock_stops_by_its_own_act(self, world: World) -> None:
        weekdays()
        one, by = received(world), world.actor(world.chen_jie)
        changes.acknowledge_complaint(by=by, at=later(1), complaint=one, channel=Channel.PHONE, happened_at=later(0.1))
        one = resolved(world, one, later(20))
        found = times(world, one, later(20))
        assert (found.acknowledged.done, found.acknowledged.in_time) == (later(0.1), True)
        assert (found.resolved.done, found.resolved.in_time) == (later(20), False)
        assert found.notified.due == datetime(2026, 6, 23, 16, 0, tzinfo=UTC), (
            "resolved on a Sunday: it counts as Monday"
        )
        changes.notify_customer(by=by, at=later(20.1), complaint=one, channel=Channel.EMAIL)
        assert times(world, one, later(30)).notified.in_time
        assert not times(world, one, later(30)).late, "what was late and is done is late no more"

    def test_reopened_is_to_be_resolved_and_told_anew(self, world: World) -> None:
        weekdays()
        one = closed(world, received(world), later(1))
        changes.reopen_complaint(by=world.actor(world.lin_mei), at=later(7), complaint=one, reason="Damp again")
        found = times(world, one, later(7))
        assert (found.resolved.done, found.notified.due) == (None, None)
        assert found.resolved.due == datetime(2026, 6, 23, 16, 0, tzinfo=UTC)
        assert again(one).state == ComplaintState.RECEIVED

    def test_who_handles_it_is_told_once_that_it_is_late(self, world: World) -> None:
        weekdays()
        one = received(world)
        assert [changes.tell_of_late_complaints(by=SYSTEM, at=later(3)) for _turn in range(2)] == [1, 0]
        told = Notification.objects.filter(topic=changes.COMPLAINT_LATE_TOPIC)
        assert {row.person for row in told} == {world.chen_jie, world.zhao_lei}
        changes.acknowledge_complaint(by=world.actor(world.zhao_lei), at=later(3), complaint=one, channel=Channel.PHONE)
        assert changes.tell_of_late_complaints(by=SYSTEM, at=later(3)) == 0
        assert changes.tell_of_late_complaints(by=SYSTEM, at=later(40)) == 1


class TestSteps:
    def test_from_the_telephone_to_the_last_line_of_the_form(self, world: World) -> None:
        one = closed(world, received(world))
        assert (one.state, one.number) == (ComplaintState.CLOSED, "CO-2026-0001")
        said = [step.act for step in queries.steps_of(one)]
        assert said == ["cause", "disposition", "result", "notify", "prevent", "close"]
        told = [(row.topic, row.person) for row in Notification.objects.order_by("pk")]
        assert told == [
            (changes.COMPLAINT_TOPIC, world.zhao_lei), (changes.COMPLAINT_FOUND_TOPIC, world.lin_mei),
            (changes.COMPLAINT_DECIDED_TOPIC, world.chen_jie), (changes.COMPLAINT_DECIDED_TOPIC, world.zhao_lei),
        ]  # fmt: skip
        assert not [row for row in Notification.objects.all() if WORDS in str(row.values) or NAME in str(row.values)]

    def test_the_same_person_signs_once_only(self, world: World) -> None:
        one, by = investigated(world, received(world)), world.actor(world.zhao_lei)
        with pytest.raises(Refused) as refused:
            changes.decide_complaint(by=by, at=MONDAY, complaint=one, words="Nothing")
        assert "two different people" in str(refused.value)
        changes.decide_complaint(by=world.actor(world.lin_mei), at=MONDAY, complaint=one, words="All new")
        with pytest.raises(Refused) as refused:
            signed(world, one, ComplaintAct.DISPOSITION, world.zhao_lei, MONDAY)
        assert "two different people" in str(refused.value)
        assert again(one).state == ComplaintState.INVESTIGATED

    def test_both_signatures_hold_after_the_customer_was_forgotten(self, world: World) -> None:
        one = closed(world, received(world))
        changes.forget_complainant(by=world.actor(world.lin_mei), at=later(9), complaint=one, reason="Three years")
        viewer = world.actor(world.lin_mei)
        for act, who in ((ComplaintAct.CAUSE, world.zhao_lei), (ComplaintAct.DISPOSITION, world.lin_mei)):
            step = ComplaintStep.objects.get(complaint=one, act=act)
            (given,) = signatures_of(viewer=viewer, kind=step.kind, public_id=step.public_id)
            assert (given.holds, given.signature.person) == (True, who)

    def test_what_was_read_is_signed_and_nothing_else(self, world: World) -> None:
        one, by = received(world), world.actor(world.zhao_lei)
        changes.investigate_complaint(by=by, at=MONDAY, complaint=one, words="The dryer")
        old = ComplaintStep.objects.get()
        changes.investigate_complaint(by=by, at=MONDAY, complaint=one, words="The press")
        from baton.core.signatures import Proof, digest_now

        with pytest.raises(Refused) as refused:
            changes.sign_cause(
                by=by, at=MONDAY, complaint=one, expected_digest=digest_now(old.kind, old.public_id),
                proof=Proof(world.zhao_lei.public_id, ("password",), MONDAY),
            )  # fmt: skip
        assert refused.value.status == 409

    @pytest.mark.parametrize("missing", ["notify", "prevent"])
    def test_closing_needs_word_to_the_customer_and_prevention(self, world: World, missing: str) -> None:
        one, by = resolved(world, received(world)), world.actor(world.zhao_lei)
        if missing != "notify":
            changes.notify_customer(by=by, at=MONDAY, complaint=one, channel=Channel.PHONE)
        if missing != "prevent":
            changes.prevent_recurrence(by=by, at=MONDAY, complaint=one, words="Every week")
        with pytest.raises(Refused) as refused:
            changes.close_complaint(by=by, at=MONDAY, complaint=one)
        named = {"notify": "Customer notified", "prevent": "Recurrence prevention"}[missing]
        assert named in str(refused.value)
        assert again(one).state == ComplaintState.RESOLVED

    def test_no_action_and_reopening_need_a_reason(self, world: World) -> None:
        one, by = received(world), world.actor(world.zhao_lei)
        for reason in ("", " \u200b "):
            with pytest.raises(Refused) as refused:
                changes.drop_complaint(by=by, at=MONDAY, complaint=one, reason=reason)
            assert refused.value.field == "reason"
        one = changes.drop_complaint(by=by, at=MONDAY, complaint=one, reason="Our own detergent")
        assert (one.state, times(world, one, later(90)).late) == (ComplaintState.DROPPED, False)
        with pytest.raises(Refused):
            changes.reopen_complaint(by=by, at=MONDAY, complaint=one, reason=" ")
        assert changes.reopen_complaint(by=by, at=MONDAY, complaint=one, reason="It was not").state == "received"

    def test_steps_out_of_turn_are_refused(self, world: World) -> None:
        one, by = received(world), world.actor(world.lin_mei)
        for write in (changes.decide_complaint, changes.record_result, changes.prevent_recurrence):
            with pytest.raises(Refused) as refused:
                write(by=by, at=MONDAY, complaint=one, words="Now")
            assert "Cause is looked for" in str(refused.value)
        with pytest.raises(Refused):
            changes.close_complaint(by=by, at=MONDAY, complaint=one)
        assert not ComplaintStep.objects.exists()

    def test_it_is_acknowledged_once(self, world: World) -> None:
        one, by = received(world), world.actor(world.chen_jie)
        changes.acknowledge_complaint(by=by, at=MONDAY, complaint=one, channel=Channel.PHONE)
        with pytest.raises(Refused):
            changes.acknowledge_complaint(by=by, at=MONDAY, complaint=one, channel=Channel.PHONE)

    def test_stale_steps_are_refused(self, world: World) -> None:
        one, by = received(world), world.actor(world.zhao_lei)
        seen = one.changed_seq
        changes.acknowledge_complaint(by=by, at=MONDAY, complaint=one, channel=Channel.PHONE)
        with pytest.raises(Refused) as refused:
            changes.investigate_complaint(by=by, at=MONDAY, complaint=one, words="The dryer", expected_seq=seen)
        assert refused.value.status == 409


class TestInput:
    @pytest.mark.parametrize(("given", "field"), [
        ({"received_at": MONDAY + timedelta(minutes=1)}, "received_at"),
        ({"shipped_on": date(2026, 6, 2)}, "shipped_on"),
        ({"phenomenon": " \u200b "}, "phenomenon"),
        ({"phenomenon": "x" * 1_000_000}, "phenomenon"),
        ({"lot": "x" * 121}, "lot"),
        ({"email": "somebody at home"}, "email"),
        ({"link": None, "customer_name": " "}, "customer_name"),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused_beside_its_field(self, world: World, given: dict[str, Any], field: str) -> None:
        with pytest.raises(Refused) as refused:
            received(world, **given)
        assert refused.value.field == field
        assert not Complaint.objects.exists()

    def test_a_telephone_is_taken_as_it_was_told(self, world: World) -> None:
        assert received(world).telephone == TELEPHONE

    def test_a_customer_outside_needs_no_link(self, world: World) -> None:
        one = received(world, link=None, customer=world.patient, customer_name="")
        assert (one.customer, one.supplier, one.link) == (world.patient, None, None)
        told = Notification.objects.get()
        assert (told.topic, told.person) == (changes.COMPLAINT_TOPIC, world.lin_mei)

    def test_a_link_out_of_sight_is_none(self, world: World) -> None:
        with pytest.raises(NotFound):
            received(world, link=world.linenco_stores)

    def test_what_happened_lies_between_its_coming_and_now(self, world: World) -> None:
        one, by = received(world), world.actor(world.chen_jie)
        for moment in (later(-1), later(2)):
            with pytest.raises(Refused) as refused:
                changes.acknowledge_complaint(
                    by=by, at=later(1), complaint=one, channel=Channel.PHONE, happened_at=moment
                )
            assert refused.value.field == "happened_at"

    def test_it_is_corrected_until_the_cause_is_signed(self, world: World) -> None:
        from baton.feedback.changes.complaints import given_of

        one, by = received(world), world.actor(world.chen_jie)
        changes.correct_complaint(by=by, at=later(1), complaint=one, given=given_of(one))
        assert again(one).received_at == MONDAY
        one = investigated(world, one)
        with pytest.raises(Refused):
            changes.correct_complaint(by=by, at=MONDAY, complaint=one, given=given_of(one))


class TestPolicy:
    @pytest.mark.parametrize(
        ("name", "sees", "handles"),
        [
            ("chen_jie", True, True), ("zhao_lei", True, True), ("lin_mei", True, True), ("he_jun", True, False),
            ("wu_tao", True, False), ("gao_ming", True, False), ("wang_fang", True, False), ("liu_yang", True, False),
            ("sun_lei", True, False), ("xu_jing", False, False), ("sun_yan", False, False), ("qian_li", False, False),
            ("ivy_stone", False, False), ("tom_reed", False, False),
        ],
    )  # fmt: skip
    def test_who_reads_the_case_and_who_the_customer(self, world: World, name: str, sees: bool, handles: bool) -> None:
        one, client = received(world, at=datetime.now(UTC)), world.client(getattr(world, name))
        page = client.get(f"/complaints/{one.public_id}/")
        assert page.status_code == (200 if sees else 404)
        assert (NAME in page.content.decode()) is handles
        assert (WORDS in client.get("/complaints/").content.decode()) is sees
        export = b"".join(client.get("/complaints/export.csv?show=all")).decode()
        assert ((WORDS in export), (NAME in export)) == (sees, handles)

    def test_a_guest_reads_what_his_own_party_complains_of(self, world: World) -> None:
        own = received(world, world.wang_fang, at=datetime.now(UTC), link=world.ward_patient)
        other = received(world, at=datetime.now(UTC))
        client = world.client(world.tom_reed)
        assert [client.get(f"/complaints/{one.public_id}/").status_code for one in (own, other)] == [200, 404]
        assert 'href="/complaints/"' in client.get("/me/").content.decode()
        assert client.get("/complaints/new/").status_code == 403
        assert client.get(f"/complaints/{own.public_id}/steps/cause/").status_code == 403

    @pytest.mark.parametrize("name", ["chen_jie", "gao_ming", "wang_fang", "he_jun", "wu_tao"])
    def test_others_neither_investigate_nor_decide(self, world: World, name: str) -> None:
        by = world.actor(getattr(world, name))
        one = received(world)
        with pytest.raises(Forbidden):
            changes.investigate_complaint(by=by, at=MONDAY, complaint=one, words="The dryer")
        one = investigated(world, one)
        for write in (changes.decide_complaint, changes.prevent_recurrence):
            if write is changes.decide_complaint or name != "chen_jie":
                with pytest.raises(Forbidden):
                    write(by=by, at=MONDAY, complaint=one, words="All new")
        with pytest.raises(Forbidden):
            changes.drop_complaint(by=by, at=MONDAY, complaint=one, reason="No")

    def test_the_person_in_charge_investigates_and_does_not_decide(self, world: World) -> None:
        one = received(world)
        changes.route_complaint(by=world.actor(world.zhao_lei), at=MONDAY, complaint=one, investigator=world.gao_ming)
        one = investigated(world, again(one), by=world.gao_ming)
        with pytest.raises(Forbidden):
            changes.decide_complaint(by=world.actor(world.gao_ming), at=MONDAY, complaint=one, words="No")
        changes.decide_complaint(by=world.actor(world.zhao_lei), at=MONDAY, complaint=one, words="All new")
        assert signed(world, one, ComplaintAct.DISPOSITION, world.zhao_lei, MONDAY).state == ComplaintState.DECIDED

    def test_only_heads_and_the_quality_manager_route(self, world: World) -> None:
        one = received(world)
        with pytest.raises(Forbidden):
            changes.route_complaint(by=world.actor(world.chen_jie), at=MONDAY, complaint=one, supplier=world.ward)
        nobody = received(world, link=None)
        changes.route_complaint(by=world.actor(world.chen_jie), at=MONDAY, complaint=nobody, supplier=world.laundry)
        assert again(nobody).supplier == world.laundry

    @pytest.mark.parametrize("name", ["zhao_lei", "chen_jie", "he_jun"])
    def test_only_the_quality_manager_forgets_a_customer(self, world: World, name: str) -> None:
        one = closed(world, received(world))
        with pytest.raises(Forbidden):
            changes.forget_complainant(
                by=world.actor(getattr(world, name)), at=MONDAY, complaint=one, reason="Three years"
            )

    def test_the_customer_stands_in_the_trail_under_a_key_that_goes(self, world: World) -> None:
        one = closed(world, received(world))
        assert PersonalValue.objects.filter(subject=one.public_id).exists()
        assert not [row for row in AuditEntry.objects.all() if NAME in row.body or TELEPHONE in row.body]
        changes.forget_complainant(by=world.actor(world.lin_mei), at=MONDAY, complaint=one, reason="Three years")
        assert not PersonalValue.objects.filter(subject=one.public_id).exists()
        assert (again(one).customer_name, one.telephone, one.phenomenon) == ("", "", WORDS)

    def test_customers_are_forgotten_three_years_after_it_was_over(self, world: World) -> None:
        over, waits = closed(world, received(world)), received(world)
        times = (later(3 * 365 - 1), later(3 * 365 + 2))
        assert [changes.forget_old_complainants(by=SYSTEM, at=at) for at in times] == [0, 1]
        assert (again(over).customer_name, again(waits).customer_name) == ("", NAME)
        assert not PersonalValue.objects.filter(subject=over.public_id).exists()
        assert changes.forget_old_complainants(by=world.actor(world.lin_mei), at=later(9_999)) == 0

    def test_an_open_one_keeps_its_customer(self, world: World) -> None:
        one = received(world)
        with pytest.raises(Refused):
            changes.forget_complainant(by=world.actor(world.lin_mei), at=MONDAY, complaint=one, reason="Now")

    def test_next_steps_wait_for_who_takes_them(self, world: World) -> None:
        def waits(person: Person) -> int:
            return queries.waiting_complaints(viewer=world.actor(person), at=MONDAY)

        people = (world.chen_jie, world.zhao_lei, world.lin_mei)
        one = received(world)
        assert [waits(person) for person in people] == [0, 1, 0]
        one = investigated(world, one)
        assert [waits(person) for person in people] == [0, 1, 1]
        changes.decide_complaint(by=world.actor(world.lin_mei), at=MONDAY, complaint=one, words="All new")
        signed(world, one, ComplaintAct.DISPOSITION, world.lin_mei, MONDAY)
        assert [waits(person) for person in people] == [1, 1, 0]
        assert decided(world, received(world, link=None, supplier=world.laundry)).state == ComplaintState.DECIDED
