"""A league table that says what it does not know, and its funnel plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from baton.core import formats
from baton.handoffs.pages.whole import PARTS
from baton.handoffs.queries.comparing import ComparedLink, Comparison
from baton.handoffs.rules.comparing import FEWEST_COMPARED, FEWEST_RANKED, Compared

if TYPE_CHECKING:
    from baton_analysis.measures.funnel import FunnelPlot

BY = {
    Compared.ON_TIME: PARTS["on_time"], Compared.COMPLETE: PARTS["complete"],
    Compared.CONFORMING: PARTS["conforming"], Compared.INFORMATION_RIGHT: PARTS["information_right"],
    Compared.PERFECT: gettext_lazy("Perfect handoffs"),
    Compared.TIME: gettext_lazy("Clauses about time, kept"),
    Compared.SHARE: gettext_lazy("Clauses about a share, kept"),
    Compared.VALUE: gettext_lazy("Clauses about a measured value, kept"),
}  # fmt: skip
VERDICTS: dict[tuple[str, str], tuple[str, Any]] = {
    ("alarm", "below"): ("broken", pgettext_lazy("of many links", "Worse than the others")),
    ("warning", "below"): ("at_risk", pgettext_lazy("of many links", "Perhaps worse")),
    ("usual", ""): ("unknown", pgettext_lazy("of many links", "As the others, within chance")),
    ("warning", "above"): ("info", pgettext_lazy("of many links", "Perhaps better")),
    ("alarm", "above"): ("kept", pgettext_lazy("of many links", "Better than the others")),
}
"""Status and words of where a link lies, by verdict and side."""
TOO_FEW = ("unknown", pgettext_lazy("of many links", "Too few to rank"))


def comparison_context(found: Comparison) -> dict[str, Any]:
    """What ``handoffs/comparison.html`` shows."""
    plot = plot_of(found.rows) if len(found.rows) >= FEWEST_COMPARED else None
    shown: dict[str, Any] = {"found": found, "title": BY[found.by], "plot": plot}
    if plot is None:
        return shown
    spread, rows = plot.dispersion, _rows(plot, found.rows)
    return {
        **shown,
        "rows": [row for row in rows if row["place"]],
        "few": [row for row in rows if not row["place"]],
        "fewest": FEWEST_RANKED,
        "picture": _picture(plot, found.rows, str(BY[found.by])),
        "pooled": formats.percent(plot.target),
        "handoffs": int(plot.n),
        "phi": formats.number(spread.phi, 1),
        "bound": formats.number(spread.bound, 1),
        "apart": spread.present,
        "warnings": [warning.render(_) for warning in plot.warnings],
        "method": f"{plot.method} {plot.version}",
    }


def plot_of(rows: Sequence[ComparedLink]) -> FunnelPlot:
    """The funnel plot of two links or more."""
    from baton_analysis.measures.funnel import funnel_plot  # the mathematics are loaded when something is computed

    return funnel_plot([one.link.public_id for one in rows], [one.right for one in rows], [one.n for one in rows])


def _rows(plot: FunnelPlot, rows: Sequence[ComparedLink]) -> list[dict[str, Any]]:
    """The links in the order of the league: the best first, by estimates that a few handoffs cannot move far."""
    links = {one.link.public_id: one for one in rows}
    return [_row(links[one["link"]], one) for one in plot.frame.iter_rows(named=True)]


def _row(link: ComparedLink, one: Mapping[str, Any]) -> dict[str, Any]:
    ranked = link.n >= FEWEST_RANKED
    sign, word = VERDICTS[one["verdict"], one["side"] or ""] if ranked else TOO_FEW
    first, last = one["place_from"], one["place_to"]
    return {
        "link": link.link,
        "value": formats.percent(one["value"]),
        "interval": _("{low} to {high}").format(low=formats.percent(one["lower"]), high=formats.percent(one["upper"])),
        "n": link.n,
        "shrunken": formats.percent(one["shrunken"]),
        "place": _place(first, last) if ranked else "",
        "sign": sign,
        "word": word,
        "figures": one,
    }


def _place(first: int, last: int) -> str:
    return str(first) if first == last else _("{first} to {last}").format(first=first, last=last)


def _picture(plot: FunnelPlot, rows: Sequence[ComparedLink], title: str) -> SafeString:
    from baton_analysis.drawing.funnel_pictures import funnel_svg

    names = {one.link.public_id: _called(one) for one in rows}
    # Without links: nobody finds them in a picture with the keyboard, and they stand in the table below it.
    points = [
        {"label": names[one["link"]], **{name: one[name] for name in ("size", "value", "verdict")}}
        for one in plot.frame.iter_rows(named=True)
    ]
    funnel = {
        "title": title, "unit": _("handoffs"), "share": True, "target": plot.target, "points": points,
        "curves": plot.curves.to_dicts(),
    }  # fmt: skip
    return SafeString(funnel_svg(funnel, "comparison", formats.percent, formats.number))  # it escapes its texts


def _called(one: ComparedLink) -> str:
    return formats.labelled(f"{one.link.supplier} → {one.link.customer}", one.link.output)


def header() -> Sequence[str]:
    """Names of the columns of the table that is taken away."""
    return [
        _("Link"), _("Supplier"), _("Customer"), _("Output"), _("Right"), _("n"), _("Share"), _("Lower bound"),
        _("Upper bound"), _("Drawn to the mean of all"), _("Place from"), _("Place to"), _("Verdict"),
    ]  # fmt: skip


def rows(found: Comparison) -> Iterator[Sequence[object]]:
    """A row a link, in the order of the league."""
    if len(found.rows) < FEWEST_COMPARED:
        return
    links = {one.link.public_id: one for one in found.rows}
    for row in _rows(plot_of(found.rows), found.rows):
        link, one = links[row["link"].public_id], row["figures"]
        ends = (link.link.number, str(link.link.supplier), str(link.link.customer), str(link.link.output))
        figures = (one["value"], one["lower"], one["upper"], one["shrunken"])
        places = (one["place_from"], one["place_to"]) if row["place"] else (None, None)
        yield [*ends, link.right, link.n, *figures, *places, str(row["word"])]
