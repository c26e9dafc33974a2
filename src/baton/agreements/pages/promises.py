"""Whether promises hold together along the ways to the outside customer, as a page and a panel show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.pages.words import target_words
from baton.agreements.queries.promises import PromisePaths, PromiseStep, Way
from baton.core import formats
from baton.core.texts import say

if TYPE_CHECKING:
    from baton_analysis.measures.promise_chain import PromiseChain, Support, Verdict

HOUR = 3600.0
VERDICTS: dict[Verdict, tuple[str, Any, Any]] = {
    "guaranteed": ("kept", _("Guaranteed"), _("It follows from the promises before.")),
    "if_independent": ("info", _("Possible"), _("It holds only if failures have nothing to do with each other.")),
    "if_together": ("at_risk", _("Doubtful"), _("It holds only if failures fall on the same cases.")),
    "impossible": ("broken", _("Impossible"), _("It cannot be kept by what is promised before.")),
    "unknown": ("unknown", _("Not said"), _("Not every step promises it, or nothing is promised at the end.")),
}
"""Code of the status, its word, and what it means."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step in the reader's words."""

    step: PromiseStep
    promised: str
    hours: str
    share: float | None
    attainment: float | None
    conforming: float | None
    notice: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What the steps say of a share at the end."""

    title: Any
    support: Support
    status: str
    word: Any
    meaning: Any


def promises_context(found: PromisePaths, chosen: int) -> dict[str, Any]:
    """What ``agreements/promises.html`` and its panel show; ``chosen`` is the place of the way, from 1."""
    place = min(max(chosen, 1), max(len(found.ways), 1))
    way = found.ways[place - 1] if found.ways else None
    return {
        "paths": found.paths, "place": place, "way": way,
        "choices": [(n, _in_words(one), *_state(one)) for n, one in enumerate(found.ways, 1)],
        "inherited": [_inherited(one) for one in found.ways],
        **(_of_way(way) if way is not None else {}),
    }  # fmt: skip


def _inherited(way: Way) -> dict[str, Any]:
    """What the first links of the way take over of the promise at its end: each inherits a part of its time."""
    first = {one.link.pk for one in way.hops[0].links}
    return {
        "last": _line(way.last),
        "lines": [_line(step) for step in way.steps if step.link.pk in first],
    }


def _of_way(way: Way) -> dict[str, Any]:
    chain = way.chain
    status, words = _state(way)
    return {
        "status": status, "words": words, "chain": chain, "last": _line(way.last),
        "lines": [_line(step) for step in way.steps],
        "contradictions": [one.notice.render(gettext) for one in chain.contradictions] if chain else [],
        "warnings": [one.render(gettext) for one in chain.warnings] if chain else [],
        "uncovered": [line for line in map(_line, way.steps) if line.step.time is None],
        "shares": _shares(chain) if chain else [],
        **(_times(chain) if chain else {}),
    }  # fmt: skip


def _times(chain: PromiseChain) -> dict[str, Any]:
    low, high = chain.interval or (None, None)
    return {
        "needed": _hours(chain.seconds), "promised": _hours(chain.promised_seconds), "free": _hours(chain.free_seconds),
        "range": (_hours(low), _hours(high)) if low != high else None, "fits": chain.fits,
    }  # fmt: skip


def _shares(chain: PromiseChain) -> list[Shares]:
    both = ((_("In time"), chain.attainment), (_("Right cases"), chain.conforming))
    return [Shares(title, one, *VERDICTS[one.verdict]) for title, one in both if one.steps]


def _state(way: Way) -> tuple[str, str]:
    """Code of the status and its words."""
    if way.last.time is None and way.last.conforming is None:
        return "unknown", gettext("nothing is promised at the end")
    if way.chain is None:
        return "unknown", gettext("one link only: nothing stands before it")
    if way.chain.contradictions:
        certain = any(one.kind != "time_at_times" for one in way.chain.contradictions)
        return ("broken" if certain else "at_risk"), gettext("the promises contradict each other")
    if way.chain.uncovered:
        return "at_risk", gettext("not every step promises a time")
    return "kept", gettext("the promises hold together")


def _line(step: PromiseStep) -> Line:
    share = step.share
    return Line(
        step=step,
        promised=target_words(step.time.terms) if step.time else "",
        hours=_hours(share.seconds) if share else "",
        share=share.share if share else None,
        attainment=step.carried.attainment if step.time else None,
        conforming=step.carried.conforming,
        notice=_hours(share.lead_seconds) if share and share.lead_seconds is not None else "",
    )


def _in_words(way: Way) -> str:
    names = [say(way.hops[0].supplier.name), *(say(hop.customer.name) for hop in way.hops)]
    return formats.labelled(" → ".join(names), way.last.link.output)


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else gettext("{n} h").format(n=formats.number(seconds / HOUR))
