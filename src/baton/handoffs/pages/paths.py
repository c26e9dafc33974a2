"""A path of links: how long it takes, how many pass without coming back, where the time goes and whose delay it is.
Only stored results are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from baton.chain.queries import Hop, Paths
from baton.core import formats
from baton.core.texts import say
from baton.handoffs.queries.paths import PathRow
from baton.handoffs.rules.paths import MOST_LINKS

if TYPE_CHECKING:
    from baton.chain.models import Link


def path_context(row: PathRow) -> dict[str, Any]:
    """What ``handoffs/path.html`` shows."""
    found = row.figures.result if row.figures is not None else None
    shown: dict[str, Any] = {"row": row, "title": called(row), "found": found, "links": row.links}
    if row.figures is None or found is None:
        return shown
    names = {link.public_id: link_called(link) for link in row.links}
    return {
        **shown,
        **_stats(found),
        "first": datetime.fromisoformat(found["first"]),
        "last": datetime.fromisoformat(found["last"]),
        "steps": _steps(row, found),
        "warnings": [_warning(one, names) for one in found["warnings"]],
        "method": f"{row.figures.method} {row.figures.version}",
        "computed_at": row.figures.computed_at,
        "outdated": row.figures.outdated,
    }


def path_rows(rows: Sequence[PathRow]) -> list[dict[str, Any]]:
    """The list of measured paths; those of which the largest share is late stand first."""
    shown = [
        {
            "row": row, "title": called(row), "steps": len(row.links),
            **(_stats(row.figures.result) if row.figures is not None and row.figures.result else {}),
        }
        for row in rows
    ]  # fmt: skip
    return sorted(shown, key=lambda one: -(one.get("late_share") or -1.0))


def called(row: PathRow) -> str:
    """What a path is called: the parties on its way."""
    return " → ".join([say(row.links[0].supplier.name), *(say(one.customer.name) for one in row.links)])


def link_called(link: Link) -> str:
    """What a link on a path is called."""
    ends = f"{say(link.supplier.name)} → {say(link.customer.name)}"
    return formats.labelled(ends, str(link.output))


def _stats(found: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of the path as a whole, written out; what cannot be said is empty."""
    times, yields = found["times"], found["yields"]
    return {
        "n": times["n"],
        "references": times["references"],
        "lead": formats.duration(times["lead_seconds"]) if times["n"] else "",
        "lead_interval": _between(times["interval"], formats.duration),
        "p90": formats.duration(times["p90_seconds"]) if times["n"] else "",
        "late_share": times["late_share"],
        "late": formats.percent(times["late_share"]) if times["late_share"] is not None else "",
        "late_interval": _between(times["late_interval"], formats.percent),
        "rolled": formats.percent(yields["rolled"]) if yields else "",
        "rolled_interval": _between(yields["interval"], formats.percent) if yields else "",
        "rolled_n": yields["n"] if yields else None,
    }


def _between(pair: Sequence[float] | None, written: Any) -> str:
    return _("{low} to {high}").format(low=written(pair[0]), high=written(pair[1])) if pair else ""


def _steps(row: PathRow, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each link where the time goes and whose delay it is."""
    yields = {one["name"]: one for one in found["yields"]["steps"]} if found["yields"] else {}
    told = zip(row.links, found["times"]["links"], strict=True)
    return [_step(link, times, yields.get(link.public_id)) for link, times in told]


def _step(link: Link, times: Mapping[str, Any], passed: Mapping[str, Any] | None) -> dict[str, Any]:
    known = bool(times["n"])
    share, part = times["share"], times["contribution_share"]
    names = ("wait_seconds", "work_seconds", "own_seconds", "inherited_seconds", "recovered_seconds")
    means = {name.removesuffix("_seconds"): formats.duration(times[name]) if known else "–" for name in names}
    return {
        "link": link,
        "called": link_called(link),
        "n": times["n"],
        "median": formats.duration(times["median_seconds"]) if known else "–",
        "interval": _between((times["lower"], times["upper"]) if times["lower"] is not None else None,
                             formats.duration),
        "p90": formats.duration(times["p90_seconds"]) if known else "–",
        "share": formats.percent(share, 0) if share is not None else "–",
        "width": round(100 * share) if share else 0,
        "promised": bool(times["promised"]),
        "late": times["late"],
        "part": formats.percent(part, 0) if part is not None else "–",
        "passed": formats.percent(passed["value"]) if passed else "–",
        "passed_interval": _between(passed["interval"], formats.percent) if passed else "",
        "passed_n": passed["n"] if passed else None,
        **means,
    }  # fmt: skip


def _warning(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A remark of the analysis in the reader's language, in which links go by their names."""
    from baton_analysis.readers.model import Notice

    values = dict(one["values"])
    for key in ("links", "step"):
        if key in values:
            values[key] = formats.listing(names.get(part, part) for part in str(values[key]).split(", "))
    return Notice(one["message"], one["count"], values).render(_)


def offered_ways(found: Paths) -> list[dict[str, Any]]:
    """Ways that may be measured: for each step the links among which to choose."""
    return [
        {
            "title": " → ".join([say(way[0].supplier.name), *(say(hop.customer.name) for hop in way)]),
            "hops": [_hop(hop) for hop in way],
        }
        for way in found.ways
        if 1 < len(way) <= MOST_LINKS
    ]


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "title": f"{say(hop.supplier.name)} → {say(hop.customer.name)}",
        "links": [(one.link.public_id, f"{one.link.number} {one.link.output}") for one in hop.links],
    }


def header() -> Sequence[str]:
    """Names of the columns of the table that is taken away."""
    return [
        _("Link"), _("Supplier"), _("Customer"), _("Output"), _("n"), _("Median (s)"), _("90th percentile (s)"),
        _("Share of the time"), _("Wait before it begins (s)"), _("Work (s)"), _("Late"), _("Own delay (s)"),
        _("Inherited delay (s)"), _("Made up for (s)"), _("Share of the delay at the end"), _("Right at first"),
    ]  # fmt: skip


def rows(row: PathRow) -> Iterator[Sequence[object]]:
    """A row a link, in the order of the path."""
    if row.figures is None or row.figures.result is None:
        return
    found = row.figures.result
    yields = {one["name"]: one["value"] for one in found["yields"]["steps"]} if found["yields"] else {}
    names = (
        "n", "median_seconds", "p90_seconds", "share", "wait_seconds", "work_seconds", "late", "own_seconds",
        "inherited_seconds", "recovered_seconds", "contribution_share",
    )  # fmt: skip
    for link, times in zip(row.links, found["times"]["links"], strict=True):
        ends = (link.number, say(link.supplier.name), say(link.customer.name), str(link.output))
        yield [*ends, *(times[name] for name in names), yields.get(link.public_id)]
