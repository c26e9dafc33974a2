"""What the feedback does by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.registries import Job, jobs
from baton.feedback import tasks
from baton.feedback.changes import CLOSE_JOB, PUBLISH_JOB


def register() -> None:
    """Enter the jobs."""
    jobs.add(
        CLOSE_JOB,
        Job(_("Close surveys whose time is over"), tasks.close_waves, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=0"),
    )  # fmt: skip
    jobs.add(
        PUBLISH_JOB,
        Job(_("Publish results of closed surveys"), tasks.publish_waves, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=20"),
    )  # fmt: skip
