"""Limits for the waits of some links of a demonstration, so that their pages show capability."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from baton.chain import queries
from baton.core.actors import Actor
from baton.core.registries import Subject
from baton.core.texts import say
from baton.monitoring import changes as monitoring
from baton.monitoring import queries as measured

BY = Actor.system("demo")
LINKS = 3
AS_USUAL = 3
REASON = {"en": "Example: three times the usual wait", "zh-hans": "示例：平常等待的三倍"}


def say_limits(*, at: datetime, began_on: date) -> None:
    """On the links that handed over most in the last quarter: no wait longer than three times the usual one."""
    links = [row.link for row in queries.links_to_export(viewer=BY, at=at, filters=queries.LinkFilters())]
    subjects = {link.measured_as: link for link in links}
    flows = measured.flows_of(viewer=BY, subjects=subjects)
    busiest = sorted(flows.handovers, key=lambda subject: (-flows.handovers[subject], subject))[:LINKS]
    for subject, figures in measured.figures_of(viewer=BY, subjects=busiest).items():
        if figures.wait is None or not figures.wait.centre:
            continue
        monitoring.specify(
            by=BY, at=at, subject=Subject("link", subjects[subject].public_id, subject), began_on=began_on,
            upper=round(AS_USUAL * figures.wait.centre), target=round(figures.wait.centre),
            reason=say(REASON, settings.LANGUAGE_CODE),
        )  # fmt: skip
