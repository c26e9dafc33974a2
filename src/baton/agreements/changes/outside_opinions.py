"""What people of outside parties say to a version, through a task link."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.changes.invitations import demand_consultation
from baton.agreements.changes.signing import asked_about, demand_outside, party_of
from baton.agreements.changes.telling import OBJECTED_TOPIC, tell_side
from baton.agreements.models import AgreementVersion, Opinion
from baton.agreements.queries.hearing import held_in, line_of, said_of
from baton.agreements.rules import HEARD, Side, Stance, VersionState
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import TaskLink


def consent_through_link(*, by: Actor, at: datetime, link: TaskLink, digest: str, name: str) -> None:
    """Within the change of the core that uses up a task link: whom it was sent to consents to a version in
    consultation. Nothing is signed."""
    with change(by=by, at=at) as trail:
        version = asked_about(trail, link)
        demand_consultation(version)
        demand_outside(party_of(version, Side(link.side)))
        _say(trail, version, link, Stance.CONSENT, "")


def object_through_link(*, by: Actor, at: datetime, link: TaskLink, about: str = "") -> None:
    """Within that change: what he has said against the clause ``about``, or against all of it, is an objection, which
    is answered like any other; both sides are told."""
    with change(by=by, at=at) as trail:
        version = asked_about(trail, link)
        if VersionState(version.state) not in HEARD:
            raise Refused(
                expected=gettext_noop("Expected a version in consultation, or one that is proposed."),
                found=gettext_noop("Version {version} is {state}."),
                remedy=gettext_noop("Ask whoever sent it to you whether there is another one."),
                version=version.version,
                state=str(version.get_state_display()),
            )
        _say(trail, version, link, Stance.OBJECTION, about)
        tell_side(trail, version, list(Side), OBJECTED_TOPIC)


def _say(trail: Trail, version: AgreementVersion, link: TaskLink, stance: Stance, about: str) -> None:
    clauses = held_in(viewer=trail.by, version=version)
    line = about if about in {line_of(one) for one in clauses} else ""
    said = Opinion(
        version=version, line=line, task_link=link, side=link.side, stance=stance, text=link.words,
        said_of=said_of(clauses, line),
    )  # fmt: skip
    trail.save(said, "opinion.said")
