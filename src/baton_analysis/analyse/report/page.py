"""The page: what matters first, every figure with n, interval and method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import polars as pl

from baton_analysis.analyse.report.attainment import attainment_section
from baton_analysis.analyse.report.links import link_sections
from baton_analysis.analyse.report.speech import Speech
from baton_analysis.analyse.report.style import STYLE
from baton_analysis.analyse.report.words import WORDS
from baton_analysis.analyse.running import Analysis
from baton_analysis.errors import gettext_noop

LANGUAGES = tuple(WORDS)
LISTED = 500
"""So many links stand in the table of the report; all of them are in the file beside it."""

SOURCES = 5


def report_page(analysis: Analysis, language: str = "en", *, translate: Callable[[str], str] = gettext_noop) -> str:
    """The report as one HTML text that needs no other file, no script and no network.

    Parameters
    ----------
    language
        One of LANGUAGES.
    translate
        Puts templates of remarks and names of rules into that language.
    """
    speech = Speech(WORDS[language], translate, analysis.configuration.names)
    title = analysis.configuration.report.title or speech("title")
    body = [
        f"<h1>{escape(title)}</h1>",
        *_summary(analysis, speech),
        *_attention(analysis, speech),
        *([] if analysis.timeliness is None else attainment_section(analysis.timeliness, speech)),
        *link_sections(analysis, speech),
        *_methods(analysis, speech),
    ]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{speech("lang")}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def _summary(analysis: Analysis, speech: Speech) -> list[str]:
    found, wanted = analysis.to_dict(), analysis.configuration
    said = [
        speech(
            "intro", links=speech.number(found["links"]), n=speech.number(found["n"]), first=found["first_week"],
            last=found["last_week"], zone=wanted.zone,
        ),
        speech("judged_over", weeks=wanted.promise.weeks),
    ]  # fmt: skip
    promised = analysis.links["attainment"].drop_nulls().unique()
    broken, level = speech.number(found["broken_promises"]), speech.percent(wanted.promise.fdr)
    if not len(promised):
        said.append(speech("broken_none_promised"))
    elif len(promised) == 1:
        said.append(speech("broken", broken=broken, attainment=speech.percent(promised[0]), fdr=level))
    else:
        said.append(speech("broken_own", broken=broken, fdr=level))
    said.append(
        speech(
            "signals", recent=speech.number(found["recent_signals"]), weeks=wanted.charts.recent_weeks,
            false=speech.number(found["expected_false_alarms"], 1),
        )
    )  # fmt: skip
    return [f"<p>{escape(sentence)}</p>" for sentence in said]


def _attention(analysis: Analysis, speech: Speech) -> list[str]:
    urgent = analysis.links.filter(pl.col("broken") | (pl.col("recent_worse") > 0))
    rest = analysis.links.filter(~(pl.col("broken") | (pl.col("recent_worse") > 0)))
    parts = [f"<h2>{escape(speech('attention'))}</h2>"]
    parts.append(_table(urgent.head(LISTED), analysis, speech) if urgent.height else f"<p>{speech('nothing')}</p>")
    if rest.height:
        room = max(0, LISTED - urgent.height)
        listed = _table(rest.head(room), analysis, speech)
        parts.append(f"<details><summary>{escape(speech('all_links'))}</summary>{listed}</details>")
    if analysis.links.height > LISTED:
        shown = speech("first_links", shown=LISTED, links=speech.number(analysis.links.height))
        parts.append(f'<p class="soft">{escape(shown)}</p>')
    return parts


_HEADS = ("link", "state", "handoffs", "late", "interval", "p", "returns", "mean", "new_signals")


def _table(links: pl.DataFrame, analysis: Analysis, speech: Speech) -> str:
    heads = "".join(
        f'<th scope="col"{"" if name in ("link", "state") else " class=num"}>{escape(speech(name))}</th>'
        for name in _HEADS
    )
    shown = set(analysis.links["subject"].head(analysis.configuration.report.links))
    places = {subject: place for place, subject in enumerate(analysis.links["subject"])}
    rows = "".join(
        _row(row, f"#link-{places[row['subject']]}" if row["subject"] in shown else "", speech)
        for row in links.iter_rows(named=True)
    )
    return f'<div class="wrap"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(row: Mapping[str, Any], address: str, speech: Speech) -> str:
    name = escape(speech.link(row["subject"]))
    state, sign = state_of(row)
    late = f"{speech.percent(row['late_share'])} (n {speech.number(row['judged'])})" if row["judged"] else "–"
    cells = (
        speech.number(row["handoffs"]),
        late,
        f"{speech.percent(row['late_low'])} – {speech.percent(row['late_high'])}" if row["judged"] else "–",
        "–" if row["adjusted_p"] is None else f"{row['adjusted_p']:.2g}",
        speech.percent(row["return_share"]),
        speech.duration(row["mean_seconds"]),
        speech.number(row["recent_signals"]),
    )
    figures = "".join(f'<td class="num">{escape(cell)}</td>' for cell in cells)
    named = f'<a href="{address}">{name}</a>' if address else name
    word = escape(speech(f"state_{state}"))
    return f'<tr><th scope="row">{named}</th><td class="state {state}">{sign} {word}</td>{figures}</tr>'


def state_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """How a link stands, and the sign for it: colour never says it alone."""
    if row["broken"]:
        return "broken", "✖"
    if row["recent_worse"]:
        return "worse", "▲"
    return ("signal", "△") if row["recent_signals"] else ("calm", "✓")


def _methods(analysis: Analysis, speech: Speech) -> list[str]:
    rules = speech(analysis.configuration.charts.rules)
    names = [source.name for source in analysis.sources[:SOURCES]]
    if more := len(analysis.sources) - len(names):
        names.append(speech("and_more", count=more))
    made = speech(
        "made_by", method=analysis.method, version=analysis.version, engine=analysis.engine, sources=", ".join(names)
    )
    parts = [f"<h2>{escape(speech('methods'))}</h2>", f"<p>{escape(speech('methods_text', rules=rules))}</p>"]
    parts.append(f'<p class="soft">{escape(made)}</p>')
    if analysis.warnings:
        said = dict.fromkeys(warning.render(speech.translate) for warning in analysis.warnings)
        listed = "".join(f"<li>{escape(remark)}</li>" for remark in said)
        parts.append(f"<h2>{escape(speech('remarks'))}</h2><ul>{listed}</ul>")
    return parts
