"""What the handoffs of a link tell as a whole, for programs: each figure with its n, interval and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from ninja import Router
from pydantic import Field

from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import PublicId, SaidTexts, Shown
from baton.core.policy import may_use
from baton.handoffs.api.promises import PromiseShown, promise_shown
from baton.handoffs.api.shapes import READ
from baton.handoffs.pages.promises import promises_panel
from baton.handoffs.queries.figures import figures_of_link, names_of_codes
from baton.handoffs.rules import Stage
from baton.monitoring.queries import capabilities_of_clauses
from baton.monitoring.rules import Stability, day_of_number
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.monitoring.models import StoredCapability

router = Router()


class ShareShown(Shown):
    """A share with its 95 % interval (Wilson); null where nothing can be judged."""

    n: int = Field(description="Of how many.", examples=[120])
    value: float | None = Field(examples=[0.95])
    low: float | None
    high: float | None


class PerfectShown(Shown):
    """Handoffs that were on time, complete, without a return and with the right information."""

    perfect: ShareShown
    parts: dict[str, ShareShown] = Field(description="on_time, complete, conforming, information_right.")
    bounds: list[float] | None = Field(description="The share if all that is unknown had failed, and if it were right.")
    method: str
    computed_with: str = Field(description="Version of the method.")


class FirstPassShown(Shown):
    """Handoffs that the customer judged, and of which nothing came back that counts (first-pass yield)."""

    share: ShareShown
    method: str
    computed_with: str


class CauseShown(Shown):
    """What came back under one defect code, and what it cost."""

    code: PublicId | None = Field(description="Null: without a code.")
    label: str = Field(description="The short code itself.", examples=["TORN"])
    name: SaidTexts | None
    count: int
    share: ShareShown = Field(description="Of all that came back.")
    cumulative: float = Field(description="Share of all causes down to this one.")
    vital: bool = Field(description="Whether it is one of the few that make up four fifths.")
    cost: float


class CheckFigures(Shown):
    """What one of the three checks let through of what was there to be found."""

    check: Stage
    let_through: ShareShown


class IndexShown(Shown):
    """One index of capability with its 95 % interval."""

    name: str = Field(examples=["Ppk"])
    value: float
    low: float
    high: float
    n: int


class ClauseCapability(Shown):
    """How well the measured values of a clause stay within its limits, over the last phase of their chart."""

    clause: PublicId = Field(description="Whose limits these are.")
    line: str = Field(description="The same through all versions of the agreement.")
    lower: float | None
    upper: float | None
    target: float | None
    first_week: date
    last_week: date
    n: int = Field(description="Measured values.")
    mean: float
    outside: ShareShown = Field(description="Values beyond a limit.")
    stability: Stability = Field(description="Cp, Cpk and Cpm are only there if it is stable.")
    indices: list[IndexShown]
    method: str
    computed_with: str
    computed_at: datetime
    input_digest: str


class LinkFiguresShown(Shown):
    """The figures of a link. Those of its handoffs as a whole are null until they are computed, and where there are no
    handoffs; they cover the thirteen weeks up to the newest one."""

    link: PublicId
    first: datetime | None
    last: datetime | None
    handoffs: int | None
    overdue: int | None
    perfect: PerfectShown | None
    first_pass: FirstPassShown | None = Field(description="Null where the customer judged nothing.")
    warned: ShareShown | None = Field(description="Late ones of which the supplier had said so before they were due.")
    checks: list[CheckFigures]
    returns: int | None
    cost: float | None = Field(description="What it cost both sides that it was not right.")
    currency: str = Field(description="Of every cost here, ISO 4217.", examples=["EUR"])
    causes: list[CauseShown] = Field(description="What came back, the most frequent first (Pareto).")
    method: str
    computed_with: str
    computed_at: datetime | None
    clauses: list[PromiseShown] = Field(description="The clauses in force with what was reached.")
    capabilities: list[ClauseCapability]


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=LinkFiguresShown,
    summary=gettext_noop("Read the figures of a link"),
    description=gettext_noop(
        "Attainment of each clause, capability of measured values, first-pass yield, perfect handoffs, what came back"
        " by code and what it cost."
    ),
)  # fmt: skip
def read_link_figures(request: ApiRequest, public_id: PublicId) -> Any:
    viewer, at = request.actor, request.now
    link = chain.link(viewer=viewer, at=at, public_id=public_id)
    rows = (promises_panel(viewer, at, public_id) or {"rows": []})["rows"]
    lines = {f"{link.public_id}/{row.clause.line}": row.clause for row in rows}
    known = capabilities_of_clauses(viewer=viewer, keys=list(lines)) if lines else {}
    stored = figures_of_link(viewer=viewer, at=at, link=public_id)
    found: Mapping[str, Any] = stored.result if stored is not None else {}
    causes = found["causes"]["rows"] if found.get("causes") else []
    names = names_of_codes(viewer=viewer, codes=[one["name"] for one in causes if one["name"]])
    return LinkFiguresShown(
        link=link.public_id,
        first=found.get("first"), last=found.get("last"), handoffs=found.get("handoffs"),
        overdue=found.get("overdue"),
        perfect=_perfect(found["perfect"]) if found else None,
        first_pass=_first_pass(found["yield"]) if found.get("yield") else None,
        warned=_share(found["warned"]) if found else None,
        checks=_checks(found.get("escapes")),
        returns=found.get("returns"), cost=found.get("cost"), currency=settings.CURRENCY,
        causes=[_cause(one, found, names) for one in causes],
        method=stored.method if stored is not None else "",
        computed_with=stored.version if stored is not None else "",
        computed_at=stored.computed_at if stored is not None else None,
        clauses=[promise_shown(row) for row in rows],
        capabilities=[_capability(lines[key].line, one) for key, one in sorted(known.items())],
    )  # fmt: skip


def _share(said: Mapping[str, Any]) -> ShareShown:
    low, high = said["interval"] or (None, None)
    return ShareShown(n=int(said["n"]), value=said["value"], low=low, high=high)


def _perfect(said: Mapping[str, Any]) -> PerfectShown:
    return PerfectShown(
        perfect=_share(said), parts={one["name"]: _share(one) for one in said["parts"]}, bounds=said["bounds"],
        method=said["method"], computed_with=said["version"],
    )  # fmt: skip


def _first_pass(said: Mapping[str, Any]) -> FirstPassShown:
    return FirstPassShown(share=_share(said), method=said["method"], computed_with=said["version"])


def _checks(said: Mapping[str, Any] | None) -> list[CheckFigures]:
    return [
        CheckFigures(
            check=Stage(one["name"]),
            let_through=_share({"n": one["n"], "value": one["escape"], "interval": one["escape_interval"]}),
        )
        for one in (said["checks"] if said is not None else ())
    ]


def _cause(one: Mapping[str, Any], found: Mapping[str, Any], names: Mapping[str, Any]) -> CauseShown:
    code = names.get(one["name"])
    share = {"n": found["causes"]["n"], "value": one["share"], "interval": one["interval"]}
    return CauseShown(
        code=one["name"] or None, label=code.code if code is not None else "",
        name=dict(code.name) if code is not None else None, count=int(one["count"]), share=_share(share),
        cumulative=one["cumulative"], vital=one["vital"], cost=found["costs"].get(one["name"], 0.0),
    )  # fmt: skip


def _capability(line: str, stored: StoredCapability) -> ClauseCapability:
    said, limits = stored.result, stored.result["specification"]
    outside: dict[str, Any] = {
        "n": said["n"], "value": said["outside"] / said["n"], "interval": (said["outside_low"], said["outside_high"])
    }  # fmt: skip
    return ClauseCapability(
        clause=limits["public_id"], line=line, lower=limits["lower"], upper=limits["upper"], target=limits["target"],
        first_week=day_of_number(said["first"]), last_week=day_of_number(said["last"]), n=said["n"], mean=said["mean"],
        outside=_share(outside), stability=Stability(said["stability"]), indices=_indices(said["indices"]),
        method=stored.method, computed_with=stored.version, computed_at=stored.computed_at,
        input_digest=stored.input_digest,
    )  # fmt: skip


def _indices(said: Sequence[Mapping[str, Any]]) -> list[IndexShown]:
    return [
        IndexShown(name=one["name"], value=one["value"], low=one["interval"][0], high=one["interval"][1], n=one["n"])
        for one in said
    ]
