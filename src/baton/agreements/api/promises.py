"""Whether promises hold together along the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.shapes import READ
from baton.agreements.queries.promises import PromiseStep, Way, promise_paths
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Flag, PublicId, Sent, Shown
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton_analysis.measures.promise_chain import Support

router = Router()

# As in baton_analysis.measures.promise_chain, which a server that starts does not load.
ContradictionKind = Literal["time", "time_at_times", "attainment", "conforming", "lead_time"]
Verdict = Literal["guaranteed", "if_independent", "if_together", "impossible", "unknown"]


class PromisesAsked(Sent):
    """From whom to whom, and which promises."""

    start: PublicId | None = Field(default=None, description="A party or a person; null: the caller himself.")
    end: PublicId | None = Field(default=None, description="A party; null: the nearest outside customers.")
    planned: Flag = Field(default=False, description="As if what is on its way were in force.")


class PromiseStepShown(Shown):
    """A link of the way, and what it promises."""

    link: PublicId
    agreement: PublicId | None
    in_force: bool
    time_line: str = Field(description="Line of the clause about time; empty: none.")
    seconds: float | None = Field(description="Business seconds, in the calendar of the promise at the end.")
    share: float | None = Field(description="Of the time promised at the end.")
    attainment: float | None
    conforming: float | None
    notice_needed: float | None = Field(description="Business seconds.")
    notice_possible: float | None = Field(description="Business seconds.")


class SupportShown(Shown):
    """What the steps say of a share promised at the end."""

    promised: float | None
    lower: float
    independent: float
    upper: float
    verdict: Verdict


class ContradictionShown(Shown):
    """What is promised and not supported."""

    kind: ContradictionKind
    promised: float
    supported: float
    text: str


class PromiseWayShown(Shown):
    """A way to the outside customer; ``chain`` figures are null where one link alone leads there."""

    steps: list[PromiseStepShown]
    last: PromiseStepShown
    seconds: float | None
    promised_seconds: float | None
    fits: float | None = Field(description="Share of the hours of a year from which the time fits.")
    attainment: SupportShown | None
    conforming: SupportShown | None
    contradictions: list[ContradictionShown]
    uncovered: int = Field(description="Steps before the last that promise no time.")


class PromiseWaysShown(Shown):
    """All ways that were found, the shortest first."""

    ways: list[PromiseWayShown]


@reads(
    router, "", scope=READ, may=may_use, response=PromiseWaysShown,
    summary=gettext_noop("Add up promises along the chain"),
    description=gettext_noop("What the links before promise, against what is promised to the customer outside."),
)  # fmt: skip
def read_promises(request: ApiRequest, asked: Query[PromisesAsked]) -> Any:
    found = promise_paths(
        viewer=request.actor, at=request.now, start=asked.start or "", end=asked.end or "", planned=asked.planned
    )
    return PromiseWaysShown(ways=[_way(way) for way in found.ways])


def _way(way: Way) -> PromiseWayShown:
    chain = way.chain
    return PromiseWayShown(
        steps=[_step(step) for step in way.steps],
        last=_step(way.last),
        seconds=chain.seconds if chain else None,
        promised_seconds=chain.promised_seconds if chain else None,
        fits=chain.fits if chain else None,
        attainment=_support(chain.attainment) if chain else None,
        conforming=_support(chain.conforming) if chain else None,
        contradictions=[
            ContradictionShown(kind=one.kind, promised=one.promised, supported=one.supported, text=one.notice.render())
            for one in (chain.contradictions if chain else ())
        ],
        uncovered=len(chain.uncovered) if chain else 0,
    )


def _step(step: PromiseStep) -> PromiseStepShown:
    share = step.share
    return PromiseStepShown(
        link=step.link.public_id,
        agreement=step.agreement or None,
        in_force=step.in_force and bool(step.agreement),
        time_line=step.carried.time_line,
        seconds=share.seconds if share else None,
        share=share.share if share else None,
        attainment=step.carried.attainment if step.time else None,
        conforming=step.carried.conforming,
        notice_needed=share.lead_seconds if share else None,
        notice_possible=share.notice_seconds if share else None,
    )


def _support(one: Support) -> SupportShown:
    return SupportShown(
        promised=one.promised, lower=one.lower, independent=one.independent, upper=one.upper, verdict=one.verdict
    )
