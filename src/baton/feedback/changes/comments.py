"""Comments of a wave: cut off from links of few people, passed or withheld one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.checks import reason_given
from baton.feedback.changes.waves import demand_state
from baton.feedback.models import CommentState, SurveyComment, Wave
from baton.feedback.rules import WaveState
from baton_analysis.errors import gettext_noop


def pass_comment(*, by: Actor, at: datetime, comment: SurveyComment) -> SurveyComment:
    """Let a comment be shown. One that was passed stays so."""
    with change(by=by, at=at) as trail:
        fresh = _to_judge(trail, comment)
        fresh.state, fresh.withheld_because = CommentState.PASSED, ""
        return trail.save(fresh, "survey_comment.passed")


def withhold_comment(*, by: Actor, at: datetime, comment: SurveyComment, reason: str) -> SurveyComment:
    """Keep a comment from being shown, because it gives somebody away or is about something else. The reason is kept;
    it must not repeat the words."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_judge(trail, comment)
        fresh.state, fresh.withheld_because = CommentState.WITHHELD, why
        return trail.save(fresh, "survey_comment.withheld")


def detach_comments(trail: Trail, wave: Wave, few: Iterable[int]) -> None:
    """Take from the comments about these links of the wave about which link they are."""
    count = SurveyComment.objects.filter(wave=wave, wave_link__in=list(few)).update(wave_link=None)
    if count:
        trail.note("wave.comments_detached", kind=Wave.kind, object_id=wave.public_id, count=count)


def links_of_few(sheets: Mapping[int, int], pools: Mapping[int, str], least: int) -> set[int]:
    """The links, by primary key, about which so few handed in a sheet that comments do not say which link they are
    about: fewer than ``least``, and so many more, the smallest first, that those without a link are of ``least`` people
    too. ``pools``: links of different ones were judged by different people."""
    few = {link for link, count in sheets.items() if count < least}
    others = sorted((link for link in sheets if link not in few), key=lambda link: (sheets[link], link))
    while any(sheets[link] for link in few) and _people(few, sheets, pools) < least and others:
        few.add(others.pop(0))
    return few


def _people(links: Iterable[int], sheets: Mapping[int, int], pools: Mapping[int, str]) -> int:
    most: dict[str, int] = {}
    for link in links:
        most[pools[link]] = max(most.get(pools[link], 0), sheets[link])
    return sum(most.values())


def _to_judge(trail: Trail, comment: SurveyComment) -> SurveyComment:
    fresh = trail.lock(SurveyComment, comment)
    wave = Wave.objects.get(pk=fresh.wave_id)
    demand(policy.may_pass_comments(trail.by, wave))
    demand_state(wave, WaveState.PUBLISHED)
    if (wave.answered or 0) < wave.least_comments:
        raise Refused(
            expected=gettext_noop("Expected a wave with at least {least} sheets."),
            found=gettext_noop("It has fewer, so that nobody reads its comments."),
            remedy=gettext_noop("Ask more people next time."),
            least=wave.least_comments,
        )
    return fresh
