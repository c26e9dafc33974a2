"""The part of the report on single links: charts, signals, capability."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import polars as pl

from baton_analysis.analyse.charting import ChartedMeasure
from baton_analysis.analyse.report.attainment import attainment_of_link
from baton_analysis.analyse.report.speech import Speech
from baton_analysis.analyse.running import Analysis
from baton_analysis.drawing.control_charts import Words, control_chart_svg
from baton_analysis.measures.capability import Capability
from baton_analysis.signals.chart_rules import RULE_SETS, Violation

LISTED_SIGNALS = 12
FEWEST_POINTS = 2

_RULES = {rule.id: rule for rules in RULE_SETS.values() for rule in rules.rules}


def link_sections(analysis: Analysis, speech: Speech) -> list[str]:
    """A section each for the links that are to be shown, in the order of the table of links."""
    shown = analysis.links["subject"].head(analysis.configuration.report.links)
    signals = analysis.signals.filter(pl.col("subject").is_in(shown.implode())).partition_by("subject", as_dict=True)
    parts = []
    for place, subject in enumerate(shown):
        parts.append(f'<section class="sheet" id="link-{place}"><h2>{escape(speech.link(subject))}</h2>')
        parts += [_figure(one, subject, f"c{place}-{one.measure}", speech) for one in analysis.charts]
        parts += _signals(signals.get((subject,)), speech)
        if analysis.timeliness is not None:
            parts += attainment_of_link(analysis.timeliness, subject, speech)
        if found := analysis.capabilities.get(subject):
            parts += _capability(found, analysis, speech)
        parts.append("</section>")
    return parts


def chart_of(one: ChartedMeasure, series: int, speech: Speech) -> dict[str, Any]:
    """One series as :func:`baton_analysis.drawing.control_charts.control_chart_svg` draws it."""
    charts = one.charts
    values = charts.values[series]
    unit, name = 1.0, ""
    if one.measure == "median_seconds":
        unit, name = speech.unit_of(float(np.nanmedian(values)))
    hits: dict[int, list[Violation]] = {}
    for hit in one.flags.violations(series):
        hits.setdefault(hit.index, []).append(hit)

    def plain(value: float) -> float | None:
        return float(value) / unit if np.isfinite(value) else None

    points = [
        {
            "label": week.isoformat(),
            "value": plain(values[i]),
            "n": float(one.sizes[series, i]),
            "lcl": plain(charts.lcl[series, i]),
            "ucl": plain(charts.ucl[series, i]),
            "violations": [f"{hit.rule} {hit.render(speech.translate)}" for hit in hits.get(i, ())],
        }
        for i, week in enumerate(one.weeks)
    ]
    starts = (0, *one.phases) if one.phases else ()
    return {
        "title": speech("handoffs_chart" if one.measure == "handoffs" else one.measure),
        "unit": name,
        "kind": "p'" if charts.method.startswith("p") else "I",
        "points": points,
        "centre": [plain(value) for value in charts.centre[series]],
        "phases": [{"start": start, "label": speech("phase", number=i + 1)} for i, start in enumerate(starts)],
    }


def _figure(one: ChartedMeasure, subject: str, id: str, speech: Speech) -> str:
    series = one.subjects.index(subject)
    known = int((~np.isnan(one.charts.values[series])).sum())
    if known < FEWEST_POINTS:
        return ""
    chart = chart_of(one, series, speech)
    share = chart["kind"] == "p'"
    words = Words(number=speech.number, percent=speech.percent, rules=speech.rules)
    kind = speech("kind_p" if share else "kind_i")
    unit = f" ({chart['unit']})" if chart["unit"] else ""
    caption = f"{escape(chart['title'])}{escape(unit)} <span>{escape(kind)}, n {known}</span>"
    table = _chart_table(chart, speech.percent if share else speech.number, speech)
    picture = f'<div class="wrap">{control_chart_svg(chart, id, words)}</div>'
    return f"<figure><figcaption>{caption}</figcaption>{picture}{table}</figure>"


def _chart_table(chart: dict[str, Any], figure: Any, speech: Speech) -> str:
    heads = "".join(f'<th class="num">{escape(speech(name))}</th>' for name in ("value", "n", "centre", "limits"))
    rows = "".join(
        f'<tr><th scope="row">{point["label"]}</th><td class="num">{escape(figure(point["value"]))}</td>'
        f'<td class="num">{speech.number(point["n"])}</td><td class="num">{escape(figure(centre))}</td>'
        f'<td class="num">{escape(figure(point["lcl"]))} – {escape(figure(point["ucl"]))}</td>'
        f"<td>{escape(speech.rules(point['violations']))}</td></tr>"
        for point, centre in zip(chart["points"], chart["centre"], strict=True)
        if point["value"] is not None
    )
    head = f"<tr><th>{escape(speech('week'))}</th>{heads}<th>{escape(speech('rule'))}</th></tr>"
    return (
        f"<details><summary>{escape(speech('as_table'))}</summary>"
        f'<div class="wrap"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div></details>'
    )


def _signals(signals: pl.DataFrame | None, speech: Speech) -> list[str]:
    if signals is None or signals.is_empty():
        return [f'<p class="soft">{escape(speech("no_signals"))}</p>']
    parts = [f"<h3>{escape(speech('signals_of_link'))}</h3><ul>"]
    for row in signals.head(LISTED_SIGNALS).iter_rows(named=True):
        name = speech("handoffs_chart" if row["measure"] == "handoffs" else row["measure"])
        share = row["measure"].endswith("_share")
        figure = speech.percent if share else speech.duration if row["measure"] == "median_seconds" else speech.number
        said = f"{row['week']}: {name} {figure(row['value'])} (n {speech.number(row['n'])}). {row['rule']} "
        rule = _RULES[row["rule"]]
        named = speech.translate(rule.name).format(**rule.values)
        parts.append(f"<li>{escape(said + named)}</li>")
    parts.append("</ul>")
    if (older := signals.height - LISTED_SIGNALS) > 0:
        parts.append(f'<p class="soft">{escape(speech("more_signals", count=older))}</p>')
    return parts


def _capability(found: Capability, analysis: Analysis, speech: Speech) -> list[str]:
    said = []
    if found.lower is not None:
        said.append(speech("limit_from", low=speech.duration(found.lower)))
    if found.upper is not None:
        said.append(speech("limit_to", high=speech.duration(found.upper)))
    rows = "".join(
        f'<tr><th scope="row">{index.name}</th><td class="num">{index.value:.2f}</td>'
        f'<td class="num">{index.interval[0]:.2f} – {index.interval[1]:.2f}</td>'
        f'<td class="num">{speech.number(index.n)}</td></tr>'
        for index in found.indices.values()
    )
    heads = "".join(
        f"<th{' class=num' if i else ''}>{escape(speech(name))}</th>"
        for i, name in enumerate(("index", "value", "interval", "n"))
    )
    outside = speech("outside", outside=speech.number(found.outside), n=speech.number(found.n))
    remarks = "".join(f"<li>{escape(warning.render(speech.translate))}</li>" for warning in found.warnings)
    return [
        f"<h3>{escape(speech('capability', limits=speech.rules(said)))}</h3>",
        f"<p>{escape(outside)}</p>",
        f'<div class="wrap"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>',
        f'<ul class="soft">{remarks}</ul>' if remarks else "",
    ]
