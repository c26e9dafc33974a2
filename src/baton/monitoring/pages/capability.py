"""What the panel about capability shows: does a link stay within what was promised?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from baton.core import formats
from baton.core.actors import Actor
from baton.core.registries import Subject
from baton.monitoring import policy, queries
from baton.monitoring.models import Specification, StoredCapability
from baton.monitoring.pages.charts import USUAL_DIGITS, rule_in_words
from baton.monitoring.pages.units import digits_of, unit_of
from baton.monitoring.rules import MEASURED_VALUE, WAITING_TIME, Scale, Stability, week_name
from baton_analysis.errors import filled, sentences

# Why Cp, Cpk and Cpm are left out.
WITHHELD = {
    Stability.UNSTABLE: gettext_lazy(
        "Cpk is withheld: the process is not stable. These rules are violated in the last weeks of the phase, or in "
        "more of its weeks than chance would explain: {rules}. Find what shifts it, or start a new phase where it was "
        "changed on purpose."
    ),
    Stability.FEW: gettext_lazy(
        "Cpk is withheld: the phase has too few weeks to tell whether the process is stable."
    ),
    Stability.NO_LIMITS: gettext_lazy(
        "Cpk is withheld: the chart has no limits in this phase, so nobody can tell whether the process is stable."
    ),
}  # fmt: skip
WITHIN = {
    "pooled": gettext_lazy("spread within weeks, pooled"),
    "moving_range": gettext_lazy("moving ranges of single waits"),
}
WITHIN_OF_VALUES = WITHIN | {"moving_range": gettext_lazy("moving ranges of single values")}
SHOWN_FIRST = ("Cpk", "Ppk")


@dataclass(frozen=True, slots=True)
class _Style:
    """How figures of what is measured are written: one of them, the unit of a picture that holds some, its title, how
    the spread within weeks was found, and how many decimals its picture needs beyond the usual."""

    shown: Callable[[float], str]
    scale: Callable[[Sequence[float]], tuple[float, str]]
    title: str
    within: Mapping[str, Any]
    digits: int | None = None


def _waits() -> _Style:
    return _Style(
        formats.duration, lambda some: unit_of(WAITING_TIME, some), _("Single waits of the last phase"), WITHIN
    )


def capability_of_values(stored: StoredCapability, unit: str) -> dict[str, Any]:
    """What a capability of measured values says, in the unit of their clause."""
    digits = digits_of(MEASURED_VALUE, stored.result["histogram"]["edges"])
    style = _Style(
        lambda value: f"{formats.trimmed(value, digits)}{formats.NO_BREAK}{unit}".rstrip(), lambda _some: (1.0, unit),
        _("Single values of the last phase"), WITHIN_OF_VALUES, digits if digits > USUAL_DIGITS else None,
    )  # fmt: skip
    found = _found(stored, style) | {"mean": style.shown(stored.result["mean"])}
    if above := found["histogram"]["above"]:
        said = ngettext("{n} larger value is not drawn.", "{n} larger values are not drawn.", above)
        found["histogram"]["left_out"] = said.format(n=formats.number(above))
    return found


def capability_panel(viewer: Actor, subject: Subject) -> dict[str, Any]:
    """Limits, indices with intervals, share outside, histogram; or what is missing for them."""
    found = queries.capability_of(viewer=viewer, subject=subject)
    names = [subject.kind, subject.public_id]
    return {
        "subject": subject,
        "found": _found(found.stored, _waits()) if found.stored is not None else None,
        "limits": [_limits(one, names) for one in found.specifications],
        "may_specify": policy.may_specify(viewer, *names),
        "specify": reverse("monitoring:specify", args=names),
    }


def withdraw_limits_page(said: Specification) -> dict[str, Any]:
    """The page that withdraws specification limits."""
    return {"said": said, "limits": limits_in_words(said.lower, said.upper, said.target)}


def limits_in_words(
    lower: float | None, upper: float | None, target: float | None, shown: Callable[[float], str] = formats.duration
) -> str:
    """``2 h to 4 h, target 3 h``; ``shown`` writes one of them, by itself a time in seconds."""
    if lower is not None and upper is not None:
        said = _("{lower} to {upper}").format(lower=shown(lower), upper=shown(upper))
    elif upper is not None:
        said = _("at most {upper}").format(upper=shown(upper))
    else:
        said = _("at least {lower}").format(lower=shown(lower or 0.0))
    return said if target is None else _("{limits}, target {target}").format(limits=said, target=shown(target))


def _limits(said: Specification, names: Sequence[str]) -> dict[str, Any]:
    return {
        "words": limits_in_words(said.lower, said.upper, said.target),
        "scale": _("logarithms") if said.transform == Scale.LOG else _("as measured"),
        "from": said.began_on,
        "reason": said.reason,
        "who": str(said.declared_by) if said.declared_by else "",
        "at": said.recorded_at,
        "withdraw": reverse("monitoring:withdraw_limits", args=[*names, said.public_id]),
    }


def _found(stored: StoredCapability, style: _Style) -> dict[str, Any]:
    result = stored.result
    limits = result["specification"]
    held = limits["lower"], limits["upper"], limits["target"]
    indices = {one["name"]: one for one in result["indices"]}
    refused = result["refused"]
    return {
        "limits": limits_in_words(*held, style.shown),
        "since": date.fromisoformat(limits["began_on"]) if limits["began_on"] else None,
        "log": limits["transform"] == Scale.LOG,
        "n": result["n"],
        "first": week_name(result["first"]),
        "last": week_name(result["last"]),
        "outside": {
            "value": formats.number(100 * result["outside"] / result["n"], 1),
            "interval": _("{low} to {high} {unit}").format(
                low=formats.number(100 * result["outside_low"], 1),
                high=formats.number(100 * result["outside_high"], 1), unit="%",
            ),
            "count": result["outside"],
        },
        "median": result["median"],
        "p95": result["p95"],
        "first_indices": [_index(indices[name]) for name in SHOWN_FIRST if name in indices],
        "indices": [_index(one) for one in result["indices"]],
        "withheld": _withheld(result),
        "refused": sentences(filled(refused[part], refused["values"], _) for part in ("expected", "found", "remedy"))
        if refused else "",
        "warnings": [filled(one["message"], {"count": one["count"], **one["values"]}, _) for one in result["warnings"]],
        "method": _method(stored.method, stored.version, style.within),
        "histogram": _histogram(result, *held, style),
    }  # fmt: skip


def _withheld(result: Mapping[str, Any]) -> str:
    why = WITHHELD.get(Stability(result["stability"]))
    if why is None:
        return ""
    return str(why).format(rules=formats.listing(rule_in_words(one) for one in result["rules"]))


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    low, high = (formats.number(bound, 2) for bound in index["interval"])
    return {
        "name": index["name"],
        "value": formats.number(index["value"], 2),
        "n": index["n"],
        "interval": _("{low} to {high}").format(low=low, high=high),
    }


def _method(method: str, version: str, named: Mapping[str, Any]) -> str:
    within, scale = method.split(".")[1:3]
    parts = [
        str(named.get(within, "")),
        _("on the scale of logarithms") if scale == Scale.LOG else "",
        _("version {version}").format(version=version),
    ]
    return formats.remarks(part for part in parts if part)


def _histogram(
    result: Mapping[str, Any], lower: float | None, upper: float | None, target: float | None, style: _Style
) -> dict[str, Any]:
    spread = result["histogram"]
    shown = [one for one in (lower, upper) if one is not None]
    scale, unit = style.scale([result["median"], *shown])
    edges = [edge / scale for edge in spread["edges"]]
    low = lower / scale if lower is not None else float("-inf")
    high = upper / scale if upper is not None else float("inf")
    named = (
        (lower, pgettext("specification", "Lower limit")),
        (upper, pgettext("specification", "Upper limit")),
        (target, pgettext("specification", "Target")),
    )
    write = formats.number if style.digits is None else partial(formats.trimmed, digits=style.digits)
    return {
        "title": style.title,
        "unit": unit,
        "digits": style.digits,
        "method": _("n = {n}").format(n=formats.number(result["n"])),
        "columns": [
            {"low": left, "high": right, "n": n, "outside": not low < (left + right) / 2 < high}
            for left, right, n in zip(edges, edges[1:], spread["counts"], strict=False)
        ],
        "above": spread["above"],
        "limits": [
            {"value": value / scale, "label": f"{label} {write(value / scale)} {unit}"}
            for value, label in named
            if value is not None
        ],
    }
