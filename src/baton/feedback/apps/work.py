"""What the feedback does by itself, and what it keeps beside the database."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.core.registries import Beside, Job, beside, jobs
from baton.feedback import changes, tasks
from baton.feedback.changes import CLOSE_JOB, HAND_OUT_JOB, PUBLISH_JOB, REMIND_JOB, TEND_JOB
from baton.feedback.changes.keys import folder


def register() -> None:
    """Enter the jobs and the keys of surveys."""
    beside.add("feedback", Beside(_amiss, _restored))
    jobs.add(
        CLOSE_JOB,
        Job(_("Close surveys whose time is over"), tasks.close_waves, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=0"),
    )  # fmt: skip
    jobs.add(
        PUBLISH_JOB,
        Job(_("Publish results of closed surveys"), tasks.publish_waves, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=20"),
    )  # fmt: skip
    jobs.add(HAND_OUT_JOB, Job(_("Hand out the ways to the sheets of a survey"), tasks.hand_out))
    jobs.add(REMIND_JOB, Job(_("Remind everybody who is asked in a survey"), tasks.remind))
    jobs.add(
        TEND_JOB,
        Job(_("Go on handing out surveys, remind those who are asked"), tasks.tend_waves,
            "FREQ=MINUTELY;INTERVAL=15;BYSECOND=40"),
    )  # fmt: skip


def _amiss() -> list[str]:
    try:
        lost = changes.waves_without_key()
    except Refused as refused:
        return [str(refused)]
    try:
        unreadable = changes.has_unreadable_talks()
    except Refused as refused:
        return [str(refused)]
    talks = (
        [gettext("Keys of talks with confidants are missing in {path}.").format(path=folder())] if unreadable else []
    )
    said = gettext("Survey {number} is open and its key is not in {path}: what was answered in it cannot be read.")
    return [said.format(number=wave.number, path=folder()) for wave in lost] + talks


def _restored(*, by: Actor, at: datetime) -> list[str]:
    try:
        lost = changes.lose_waves(by=by, at=at)
        unreadable = changes.drop_unreadable_talks(by=by, at=at)
    except Refused as refused:
        return [str(refused)]
    said = gettext(
        "Survey {number} was open when the backup was made, and no backup has its key: its answers are lost."
    )
    dropped = gettext("Talks with confidants that the backup held were deleted: no backup has their keys.")
    return [said.format(number=wave.number) for wave in lost] + ([dropped] if unreadable else [])
