"""What the pages of waves show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from baton.chain.rules import OutputKind
from baton.core import formats
from baton.core.actors import Actor
from baton.feedback import policy, queries
from baton.feedback.models import Wave, WaveLink, WaveReminder
from baton.feedback.queries.asking import Choice, links_of, ways_chosen
from baton.feedback.queries.choosing import reminders_of
from baton.feedback.queries.plans import planned_of
from baton.feedback.rules import Mode, WaveState, Way
from baton.feedback.rules.library import asks_of_controls, asks_of_services
from baton.feedback.rules.waves import PARTICIPATION_INVITED, PUBLISHED_AT_ONCE

SIGNS = {
    WaveState.DRAFT: "unknown", WaveState.OPEN: "info", WaveState.CLOSED: "kept", WaveState.PUBLISHED: "kept",
    WaveState.LOST: "broken", WaveState.WITHDRAWN: "unknown",
}  # fmt: skip


def list_rows(viewer: Actor, waves: Iterable[Wave]) -> list[dict[str, Any]]:
    """A row for each wave: its state, and what may be told of participation."""
    return [row_of(viewer, one) for one in waves]


def row_of(viewer: Actor, wave: Wave) -> dict[str, Any]:
    """One wave with its state as a status and what may be told of participation."""
    state = WaveState(wave.state)
    return {
        "wave": wave,
        "sign": SIGNS[state],
        "share": share_words(viewer, wave),
        "links": wave.links.count(),
        "invited": wave.invited + wave.cards,
    }


def share_words(viewer: Actor, wave: Wave) -> str:
    """How many have answered, as far as that may be told; empty where there is nothing to say."""
    share = queries.participation(viewer=viewer, wave=wave)
    if wave.state == WaveState.OPEN and share is None:
        return gettext("told from {n} people asked").format(n=PARTICIPATION_INVITED)
    if share is None:
        return ""
    if wave.state == WaveState.OPEN:
        return gettext("at least {share}").format(share=formats.percent(share, 0))
    words = gettext("{share} ({sheets} of {asked})")
    return words.format(share=formats.percent(share, 0), sheets=wave.answered, asked=wave.invited + wave.cards)


def console(viewer: Actor, wave: Wave, at: datetime) -> dict[str, Any]:
    """What ``feedback/waves/console.html`` shows."""
    links: list[WaveLink] = links_of(viewer=viewer, wave=wave)
    reminders: list[WaveReminder] = reminders_of(viewer=viewer, wave=wave)
    state, runs = WaveState(wave.state), policy.may_run_waves(viewer)
    ways = ways_chosen(viewer=viewer, wave=wave)
    chosen = sum(ways.values())
    handed = wave.invitations.filter(handed_at__isnull=False).count()
    return {
        **row_of(viewer, wave), "rows": links, "reminders": reminders, "runs": runs, "chosen": chosen,
        "waiting": chosen - handed if state is WaveState.OPEN and wave.mode == Mode.ANONYMOUS else 0,
        "may_prepare": runs and state is WaveState.DRAFT, "may_keep": runs and state is WaveState.OPEN,
        "is_anonymous": wave.mode == Mode.ANONYMOUS, "state": state.value,
        "sees_plan": policy.may_see_plans(viewer),
        "planned": planned_of(viewer=viewer, wave=wave),
        "lost": state is WaveState.LOST, "ready": bool(links) and chosen > 0,
        "mailed": ways.get(Way.MAIL, 0), "fetched": ways.get(Way.APP, 0),
        "mismatch": mismatch(wave, links) if state is WaveState.DRAFT else {},
        "unpublished": state is WaveState.CLOSED,
        "may_publish": runs and state is WaveState.CLOSED and len(links) <= PUBLISHED_AT_ONCE,
        "too_few": wave.answered is not None and wave.answered < wave.least,
    }  # fmt: skip


def mismatch(wave: Wave, links: Iterable[WaveLink]) -> dict[str, int]:
    """Links for which the questions are made otherwise: ``services``, asked about as if they were audits; ``controls``,
    of which the verdict would be rated."""
    contents = wave.contents
    controls = [one.link.output.output_kind == OutputKind.CONTROL for one in links]
    found = {
        "services": controls.count(False) if asks_of_controls(contents) else 0,
        "controls": controls.count(True) if asks_of_services(contents) else 0,
    }
    return {name: count for name, count in found.items() if count}


def preview(choice: Choice, half_width: float | None) -> dict[str, Any]:
    """What ``feedback/waves/people.html`` shows of whom a wave would ask."""
    hidden = [one for one in choice.by_link if one.is_hidden]
    return {
        "choice": choice, "people": len(choice.shares), "could": len(choice.could), "sampled": half_width is not None,
        "hidden": len(hidden), "idle": len(choice.idle), "deviation": formats.number(choice.spread.deviation, 2),
        "share": formats.percent(choice.spread.share, 0),
    }  # fmt: skip
