"""What a chart would become if a phase began, began elsewhere, or were withdrawn: computed, and not stored.

The mathematics is loaded with the first preview: the web server starts without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from baton.core import formats
from baton.core.charts import picture
from baton.monitoring.models import StoredMeasure
from baton.monitoring.pages.charts import chart_of, runs_in_words, warnings_in_words
from baton.monitoring.pages.units import digits_of, unit_of
from baton.monitoring.queries import Joined, Part, Results
from baton.monitoring.rules import WATCHED_RULES, Phase, week_name

if TYPE_CHECKING:
    from baton.monitoring.changes.charting import Measured


_Shown = tuple[float, str, int]
"""By what figures are divided, their unit, and how many decimals they have."""


def phase_preview(results: Results, measure: str, *, without: str = "", wanted: Phase | None = None) -> dict[str, Any]:
    """The chart of ``measure`` as it would be with the phase ``wanted`` and without the one of public id ``without``,
    beside what it is; values and all other phases as they stand."""
    from baton.monitoring.changes import charting, weekly

    stored, notes = results.measures[measure], results.phases.get(measure, [])
    series = weekly.of_result(measure, stored.result)
    kept = [note.phase for note in notes if note.public_id != without]
    now = charting.measure(measure, series, [note.phase for note in notes])
    then = charting.measure(measure, series, [*kept, *([wanted] if wanted is not None else [])])
    values = stored.result["values"]
    scale, unit = unit_of(measure, values, results.unit)
    shown = scale, unit, digits_of(measure, values, scale)
    return {
        "rows": _phases(now.result, then.result, shown),
        "vanish": _only_in(now.result, then.result),
        "appear": _only_in(then.result, now.result),
        "picture": _picture(measure, stored, then, scale, unit),
        "warnings": warnings_in_words(then.result),
    }


def _phases(now: Mapping[str, Any], then: Mapping[str, Any], shown: _Shown) -> list[dict[str, Any]]:
    """Each phase as it would be: its weeks, its centre line and limits, and what these are now, in its last week."""
    rows = []
    for number, weeks in enumerate(then["limits"]):
        places = [
            place for place, value in enumerate(then["values"]) if value is not None and then["phase"][place] == number
        ]
        if not places:
            continue
        carried = then["carried"][number]
        rows.append(
            {
                "first": week_name(then["weeks"][places[0]]),
                "last": week_name(then["weeks"][places[-1]]),
                "then": _line(then, places[-1], shown),
                "now": _line(now, places[-1], shown),
                "weeks": weeks,
                "carried": None if carried is None else carried + 1,
            }
        )
    return rows


def _line(result: Mapping[str, Any], place: int, shown: _Shown) -> dict[str, str]:
    """Centre line and limits in one week, in words."""
    centre, lcl, ucl = (result[column][place] for column in ("centre", "lcl", "ucl"))
    scale, unit, digits = shown

    def written(value: float) -> str:
        return formats.number(value / scale, digits)

    limits = _("no limits")
    if ucl is not None:
        limits = _("{low} to {high} {unit}").format(low=written(lcl or 0.0), high=written(ucl), unit=unit)
    return {"centre": f"{written(centre)}{formats.NO_BREAK}{unit}", "limits": limits}


def _only_in(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The violations of ``one`` chart that the ``other`` does not have, in words."""
    has = other["violations"][WATCHED_RULES]

    def without(place: str, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        there = {hit["rule"] for hit in has.get(place, [])}
        return [hit for hit in said if hit["rule"] not in there]

    left = {place: without(place, said) for place, said in one["violations"][WATCHED_RULES].items()}
    return runs_in_words({**one, "violations": {WATCHED_RULES: left}}, WATCHED_RULES)


def _picture(measure: str, stored: StoredMeasure, then: Measured, scale: float, unit: str) -> SafeString:
    drawn = StoredMeasure(name=measure, method=then.method, version=stored.version, result=then.result)
    whole = Joined(then.result, [Part(0, None, overlaps=False)])
    return picture.draw(chart_of(measure, drawn, whole, [], WATCHED_RULES, scale, unit), f"preview-{measure}")
