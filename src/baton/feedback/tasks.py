"""Jobs of the feedback."""

from __future__ import annotations

import logging
import smtplib
from contextlib import suppress
from datetime import UTC, datetime

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from baton.core.actors import Actor
from baton.core.failures import class_and_place
from baton.core.jobs import Reporter
from baton.feedback import changes, queries
from baton.feedback.changes import Letter
from baton.feedback.models import Wave
from baton.feedback.pages.letters import letter_to
from baton.feedback.rules import Mode, WaveState

log = logging.getLogger(__name__)


def close_waves(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Close the waves whose time is over."""
    changes.close_due(by=by, at=at)


def publish_waves(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Publish the results of waves that have closed."""
    changes.publish_due(by=by, at=at)


def hand_out(*, by: Actor, at: datetime, progress: Reporter, wave: str) -> None:
    """Lay ready what people fetch in Baton, send the letters, and tell those who get none. Begun again after a crash,
    it goes on with whoever has no way to a sheet yet."""
    found = queries.wave(viewer=by, public_id=wave)
    if found.state != WaveState.OPEN or at >= found.closes_at or not changes.claim(at=at, wave=found):
        return
    try:
        if found.mode == Mode.ANONYMOUS:
            _send_letters(by, at, progress, found)
        changes.tell_asked(by=by, at=at, wave=found)
    finally:
        changes.release(wave=found)


def remind(*, by: Actor, at: datetime, progress: Reporter, reminder: str) -> None:
    """Tell everybody of a reminder."""
    changes.tell_reminder(by=by, at=at, public_id=reminder)


def tend_waves(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Go on handing out what a crash has left, and remind everybody when it is time."""
    changes.tend(by=by, at=at)


def tend_plans(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Prepare the surveys of plans whose day is near, and open those whose day has come where their plan says so."""
    changes.tend_plans(by=by, at=at)


def _send_letters(by: Actor, at: datetime, progress: Reporter, wave: Wave) -> None:
    letters = list(changes.hand_out(by=by, at=at, wave=wave))
    if not letters:
        return
    connection = get_connection()
    try:
        for number, letter in enumerate(letters):
            changes.hold(at=datetime.now(UTC), wave=wave)
            if _is_taken(letter, wave, at, connection):
                changes.handed(by=by, at=at, letter=letter)
            else:
                changes.lay_ready(by=by, at=at, letter=letter)
            progress(number + 1, len(letters))
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _is_taken(letter: Letter, wave: Wave, at: datetime, connection: BaseEmailBackend) -> bool:
    """Whether the mail server took a letter; not where it takes nothing for this person. A server that cannot be
    reached is no answer: the run fails and is begun again."""
    message = letter_to(letter, wave, at)
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        if all(500 <= code < 600 for code, _said in refused.recipients.values()):
            return False
        raise ConnectionError("the mail server takes no letter now") from None
    except smtplib.SMTPException as refused:
        # What it says may repeat the letter.
        log.warning("a letter could not be handed over: %s", class_and_place(refused))
        raise ConnectionError("the mail server takes no letter now") from None
    return True


def tell_of_stale_expectations(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell suppliers which expectations of their customers nobody has confirmed for long."""
    changes.tell_of_stale(by=by, at=at)


def tell_of_late_needs(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell both sides of needs of employees that are late."""
    changes.tell_of_late_needs(by=by, at=at)


def tell_of_late_feedback(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell those who owe an outcome of feedback that is late."""
    changes.tell_of_late_feedback(by=by, at=at)


def fetch_mail(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Keep what is new in the mailbox for feedback."""
    changes.fetch_mail(at=at)


def erase_names_of_feedback(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Erase names and how to reach people from feedback that had its outcome a year ago."""
    changes.erase_names(by=by, at=at)


def tend_grades(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Close rounds of grades whose time is over, tell those who have not graded, or not done what they promised, and
    work out what grades tell."""
    from baton.feedback.changes.grade_promises import tell_of_late_promises
    from baton.feedback.changes.grade_rounds import tend_grade_rounds

    tend_grade_rounds(by=by, at=at)
    tell_of_late_promises(by=by, at=at)


def remind_confidants(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell all confidants alike to look whether somebody has written."""
    changes.remind_confidants(by=by, at=at)


def tend_talks(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Delete talks that are due, and write the others anew in an order of chance."""
    changes.tend_talks(by=by, at=at)


def tell_of_late_complaints(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell who handles complaints which of them are late."""
    changes.tell_of_late_complaints(by=by, at=at)


def forget_complainants(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Destroy customers' data of complaints that have been over for years."""
    changes.forget_old_complainants(by=by, at=at)
