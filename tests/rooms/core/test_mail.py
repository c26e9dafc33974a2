"""E-mail about what happens: as soon as each person wants it, several messages in one, again until it is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection

from baton.chain.changes import assign_gap, end_membership, tell_of_gaps, withdraw_gap_answer
from baton.chain.changes.gaps import ASSIGNED_TOPIC
from baton.chain.changes.proposals import ANSWERED_TOPIC
from baton.chain.models import Membership
from baton.chain.queries import gaps
from baton.core import changes
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.discussions.changes import add_comment, follow
from baton.core.errors import Refused
from baton.core.mail import sending
from baton.core.models import AuditEntry, Mail, MailChoices, MailEntry, Notification, Person
from baton.core.rules import MailRhythm, MailState, Role, gap_after, mail_due
from baton.core.worker import Worker
from tests.mailboxes import Mailbox, part, receiving
from tests.world import BEGAN, NOON, SYSTEM, World

BY = Actor.system("core.deliver_mail")
NEXT_MORNING = NOON + timedelta(hours=20)
SHANGHAI = "Asia/Shanghai"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with receiving(Mailbox()) as listening:
        listening.serve(settings)
        yield listening


@pytest.fixture
def chen(world: World, mailbox: Mailbox) -> Person:
    """Chen Jie with an address, in UTC: at NOON it is noon for her."""
    return changes.edit_person(
        by=SYSTEM, at=BEGAN, person=world.chen_jie, email="chen@hospital.example", time_zone="UTC"
    )


def tell(person: Person, topic: str = ANSWERED_TOPIC, at: datetime = NOON, output: str = "Gloves") -> Notification:
    values = {"output": output, "gap": {"en": "No owner", "zh-hans": "无负责人"}, "about": {"en": output}}
    return changes.notify(by=SYSTEM, at=at, person=person, topic=topic, address="/proposals/", values=values)


def deliver(at: datetime) -> int:
    return sending.deliver(by=BY, at=at)


@pytest.mark.parametrize(
    ("rhythm", "at", "due"),
    [
        # 12:00 UTC is 20:00 in Shanghai, where it is quiet from then until 07:00
        (MailRhythm.AT_ONCE, "2026-06-01 11:59", "2026-06-01 11:59"),
        (MailRhythm.AT_ONCE, "2026-06-01 12:00", "2026-06-01 23:00"),
        (MailRhythm.AT_ONCE, "2026-06-01 22:59", "2026-06-01 23:00"),
        (MailRhythm.AT_ONCE, "2026-06-01 23:00", "2026-06-01 23:00"),
        # the daily one at 08:00 in Shanghai
        (MailRhythm.DAILY, "2026-06-01 23:59", "2026-06-02 00:00"),
        (MailRhythm.DAILY, "2026-06-02 00:00", "2026-06-03 00:00"),
    ],
)
def test_when_an_email_may_go(rhythm: MailRhythm, at: str, due: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert mail_due(rhythm, moment(at), SHANGHAI) == moment(due)


def test_no_quiet_hours_and_quiet_hours_within_a_day() -> None:
    night = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
    assert mail_due(MailRhythm.AT_ONCE, night, "UTC", quiet_from=7, quiet_until=7) == night
    assert mail_due(MailRhythm.AT_ONCE, night, "UTC", quiet_from=1, quiet_until=5).hour == 5
    assert mail_due(MailRhythm.AT_ONCE, night, "UTC", quiet_from=3, quiet_until=5) == night


def test_the_daily_one_keeps_its_hour_when_the_clocks_change() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # the clocks go forward in the next night
    assert mail_due(MailRhythm.DAILY, before, "Europe/Berlin") == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_what_cannot_wait_comes_at_once_with_its_page_and_her_choices(chen: Person, mailbox: Mailbox) -> None:
    tell(chen, ASSIGNED_TOPIC)
    assert deliver(NOON) == 1
    (message,) = mailbox.messages
    mail = Mail.objects.get()
    assert mailbox.recipients == ["chen@hospital.example"]
    assert message["Subject"] == "Baton: You are to clear this up: No owner, Gloves."
    assert message["Message-ID"] == f"<{mail.public_id}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8000/me/mail/>"
    for kind in ("plain", "html"):
        said = part(message, kind)
        assert "You are to clear this up: No owner, Gloves." in said
        assert {"http://127.0.0.1:8000/proposals/", "http://127.0.0.1:8000/me/mail/"} <= set(
            re.findall(r"http://[^\s\"<]+", said)
        )
    assert 'lang="en"' in part(message, "html")
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)
    assert deliver(NOON) == 0


def test_it_speaks_her_language_and_her_zone(chen: Person, mailbox: Mailbox) -> None:
    changes.edit_person(by=SYSTEM, at=BEGAN, person=chen, language="zh-hans", time_zone=SHANGHAI)
    tell(Person.objects.get(pk=chen.pk), ASSIGNED_TOPIC, at=NOON - timedelta(hours=1))
    assert deliver(NOON) == 1
    said = part(mailbox.messages[0], "plain")
    assert "无负责人" in said
    assert "19:00" in said


def test_the_rest_comes_once_a_day_in_one(chen: Person, mailbox: Mailbox) -> None:
    for name in ("Gloves", "Masks\n\nhttp://evil.example", "<b>Gowns</b>"):
        tell(chen, output=name)
    opened = tell(chen, output="Read before")
    changes.read_notifications(by=Actor(chen), at=NOON, public_ids=[opened.public_id])
    assert deliver(NOON) == 0
    assert deliver(NEXT_MORNING) == 1
    (message,) = mailbox.messages
    assert message["Subject"] == "Baton: 3 messages"
    text, html = part(message, "plain"), part(message, "html")
    assert "Your proposed link is answered: Masks http://evil.example." in text
    assert "Read before" not in text
    assert "&lt;b&gt;Gowns&lt;/b&gt;" in html
    assert "<b>" not in html
    assert MailEntry.objects.count() == 3


def test_who_lost_sight_since_reads_nothing_of_it(world: World, chen: Person, mailbox: Mailbox) -> None:
    """Asked when the e-mail goes: she left the ward between the comment and the morning."""
    about = world.lab_ward.public_id
    follow(by=Actor(chen), at=NOON, kind="link", public_id=about, follows=True)
    add_comment(by=world.actor(world.ma_chao), at=NOON, kind="link", public_id=about, words="@Chen Jie, zeppelin")
    add_comment(by=world.actor(world.ma_chao), at=NOON, kind="link", public_id=about, words="Later than ever")
    assert Worker().drain(NOON).failed == 0
    assert MailEntry.objects.count() == 2
    tell(chen)
    for held in Membership.objects.filter(person=chen):
        end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=NOON.date())
    assert deliver(NEXT_MORNING) == 1
    (message,) = mailbox.messages
    text = part(message, "plain")
    assert "Gloves" in text
    assert "Results" not in text
    assert "comment" not in text
    assert MailEntry.objects.count() == 1, "what she is not told stands in no e-mail"


def test_nothing_is_sent_where_nothing_may_be_told(world: World, chen: Person, mailbox: Mailbox) -> None:
    add_comment(
        by=world.actor(world.ma_chao), at=NOON, kind="link", public_id=world.lab_ward.public_id, words="@Chen Jie!"
    )
    assert Worker().drain(NOON).failed == 0
    for held in Membership.objects.filter(person=chen):
        end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=NOON.date())
    deliver(NEXT_MORNING)
    assert mailbox.messages == []
    assert not Mail.objects.exists()


def test_of_gaps_that_are_no_longer_hers_she_reads_their_number_only(
    world: World, chen: Person, mailbox: Mailbox
) -> None:
    found = [row.gap for row in gaps(viewer=SYSTEM, at=NOON) if row.gap.detector == "accidental_single_source"]
    answers = [assign_gap(by=SYSTEM, at=NOON, gap=gap, person=chen, tell=False) for gap in found]
    tell_of_gaps(by=SYSTEM, at=NOON, person=chen, gaps=found, count=2)
    withdraw_gap_answer(by=SYSTEM, at=NOON, gap=found[0], answer=answers[0])
    assert deliver(NOON) == 1
    text = part(mailbox.messages[0], "plain")
    assert "You are to clear up gaps: 2." in text
    assert "LinenCo" not in text


def test_a_message_that_was_taken_back_is_not_told(chen: Person) -> None:
    def told_in_vain() -> None:
        with change(by=SYSTEM, at=NOON):
            tell(chen)
            raise Refused(remedy="Never mind.")

    with pytest.raises(Refused):
        told_in_vain()
    assert not MailEntry.objects.exists()
    assert not Notification.objects.filter(person=chen).exists()


def test_what_comes_in_quick_succession_comes_together(chen: Person, mailbox: Mailbox) -> None:
    for minute in range(8):
        at = NOON + timedelta(minutes=minute)
        tell(chen, ASSIGNED_TOPIC, at=at, output=f"Item {minute}")
        deliver(at)
    assert len(mailbox.messages) == 1
    deliver(NOON + sending.PAUSE)
    assert [len(re.findall(r"Item \d", part(one, "plain"))) for one in mailbox.messages] == [1, 7]


def test_she_chooses_on_her_own_page(world: World, chen: Person, mailbox: Mailbox) -> None:
    browser = world.client(chen)
    page = browser.get("/me/mail/")
    form = page.context["form"]
    names = {str(one.label): one.html_name for one in form.topics()}
    sent = {**dict.fromkeys(names.values(), "daily"), "daily_at": "6", "quiet_from": "22", "quiet_until": "5",
            "version": "0", names["Proposed links"]: "at_once", names["Gaps that I am to close"]: "never"}  # fmt: skip
    assert browser.post("/me/mail/", sent).status_code == 302
    chosen = MailChoices.objects.get(person=chen)
    assert (chosen.rhythms[ANSWERED_TOPIC], chosen.quiet_from, chosen.daily_at) == ("at_once", 22, 6)
    tell(chen, ASSIGNED_TOPIC)
    tell(chen)
    assert deliver(NOON) == 1
    assert "Your proposed link" in mailbox.messages[0]["Subject"]
    assert browser.post("/me/mail/", sent).status_code == 409, "somebody chose in another window"
    assert browser.post("/me/mail/", {**sent, "daily_at": "24", "version": "1"}).status_code == 422
    changed = json.loads(AuditEntry.objects.filter(action="mail_choices.made").latest("seq").body)["changed"]
    assert {name for name, said in changed.items() if list(said) == ["mac"]} == set(changed) - {"person"}
    assert "quiet_from" in changed


def test_pages_say_what_is_missing(world: World, settings: Any) -> None:
    browser = world.client(world.chen_jie)
    assert "sends no e-mail" in browser.get("/me/mail/").content.decode()
    settings.SENDS_MAIL = True
    assert "no e-mail address of yours" in browser.get("/me/mail/").content.decode()
    assert browser.post("/me/mail/test/").status_code == 400
    assert browser.get("/mail/").status_code == 403
    assert "Nothing was sent yet" in world.client(world.sun_yan).get("/mail/").content.decode()


def test_she_sends_herself_a_test_through_the_worker(world: World, chen: Person, mailbox: Mailbox) -> None:
    browser = world.client(chen)
    assert browser.post("/me/mail/test/").status_code == 302
    assert browser.post("/me/mail/test/").status_code == 400, "one is on its way"
    for minutes in (0, 2):
        Worker().drain(datetime.now(UTC) + timedelta(minutes=minutes))
    assert "the test of e-mail" in mailbox.messages[0]["Subject"]


def test_a_mail_server_that_is_away_is_asked_again_and_given_up_after_days(
    world: World, chen: Person, settings: Any
) -> None:
    tell(chen, ASSIGNED_TOPIC)
    settings.EMAIL_PORT = 1  # nobody listens
    assert deliver(NOON) == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.failure, mail.next_at) == (MailState.WAITING, "connect", NOON + gap_after(1))
    tell(chen, ASSIGNED_TOPIC, at=NOON + timedelta(hours=1))
    at = NOON
    while Mail.objects.get(pk=mail.pk).state == MailState.WAITING:
        at = Mail.objects.get(pk=mail.pk).next_at or at
        deliver(at)
        assert Mail.objects.count() == 1, "none is made while one waits"
    assert at - NOON >= sending.GIVEN_UP_AFTER
    told = Notification.objects.get(person=world.sun_yan)
    assert told.address == "/mail/"


def test_an_address_that_is_refused_is_given_up_and_the_others_are_served(
    world: World, chen: Person, mailbox: Mailbox
) -> None:
    gao = changes.edit_person(by=SYSTEM, at=BEGAN, person=world.gao_ming, email="gao@hospital.example", time_zone="UTC")
    mailbox.refused = {"chen@hospital.example": "550 no such user"}
    for person in (chen, gao):
        tell(person, ASSIGNED_TOPIC)
    assert deliver(NOON) == 1
    assert mailbox.messages[0]["To"] == "gao@hospital.example"
    assert set(Mail.objects.values_list("state", "failure", "status")) == {
        ("failed", "recipient", 550),
        ("sent", "", 0),
    }
    page = world.client(world.sun_yan).get("/mail/").content.decode()
    assert "takes nothing for this address" in page
    assert "c***@hospital.example" in page
    assert "chen@hospital.example" not in page
    assert "Gloves" not in page, "what stands in it is its reader's business"


def test_nobody_is_written_to_who_left_or_was_forgotten(world: World, chen: Person, mailbox: Mailbox) -> None:
    tell(chen, ASSIGNED_TOPIC)
    changes.choose_mail(by=Actor(chen), at=NOON, rhythms={}, quiet_from=1, quiet_until=2, daily_at=3)
    changes.disable_person(by=world.actor(world.sun_yan), at=NOON, person=chen)
    assert deliver(NOON) == 0
    assert not MailEntry.objects.exists()
    changes.forget_person(by=world.actor(world.sun_yan), at=NOON, person=chen, reason="left")
    assert not MailChoices.objects.exists()
    assert tell(Person.objects.get(pk=chen.pk))
    assert not MailEntry.objects.exists()
    assert mailbox.messages == []


def test_an_installation_without_a_mail_server_keeps_no_rows(world: World) -> None:
    changes.edit_person(by=SYSTEM, at=BEGAN, person=world.chen_jie, email="chen@hospital.example")
    tell(Person.objects.get(pk=world.chen_jie.pk))
    for at in (NOON, NEXT_MORNING):
        Worker().drain(at)
    assert not MailEntry.objects.exists()


def test_a_worker_that_died_while_sending_lets_the_next_one_send_the_same(chen: Person, mailbox: Mailbox) -> None:
    tell(chen, ASSIGNED_TOPIC)
    sending.bundle(at=NOON)
    Mail.objects.update(claimed_until=NOON + sending.CLAIM, attempts=1)
    assert deliver(NOON) == 0
    assert deliver(NOON + sending.CLAIM) == 1
    assert deliver(NOON + sending.CLAIM) == 0


def test_old_ones_go_after_a_month(chen: Person, mailbox: Mailbox) -> None:
    tell(chen, ASSIGNED_TOPIC)
    deliver(NOON)
    deliver(NOON + sending.KEPT + timedelta(minutes=1))
    assert not Mail.objects.exists()
    assert Notification.objects.filter(person=chen).exists()


@pytest.mark.both
def test_the_token_of_a_new_password_is_stored_nowhere(world: World, settings: Any) -> None:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    changes.edit_person(by=SYSTEM, at=BEGAN, person=world.chen_jie, email="chen@hospital.example")
    world.client().post("/accounts/password/reset/", {"email": "chen@hospital.example"})
    Worker().drain(datetime.now(UTC))
    found = re.search(r"/key/([^/]+)/", str(django_mail.outbox[0].body))
    assert found is not None
    token = found[1].partition("-")[2]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any(token in str(value) for row in cursor.fetchall() for value in row), table


def test_administrators_see_the_page_and_others_do_not(world: World) -> None:
    for person, status in ((world.sun_yan, 200), (world.lin_mei, 403), (world.wu_tao, 403), (world.tom_reed, 403)):
        assert world.client(person).get("/mail/").status_code == status
    assert world.client(world.tom_reed).get("/me/mail/").status_code == 200
    assert Role.GUEST in world.actor(world.tom_reed).roles
