"""What the handoffs of a link tell as a whole, in words. Only stored results are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say
from baton.handoffs.queries.figures import figures_of_link, names_of_codes
from baton.handoffs.rules import Stage

PARTS = {
    "on_time": gettext_lazy("On time"),
    "complete": gettext_lazy("Complete"),
    "conforming": gettext_lazy("Nothing came back"),
    "information_right": gettext_lazy("Information right"),
}
STAGES = {
    Stage.SELF_CHECK: gettext_lazy("Self-check"),
    Stage.RECEIVER: gettext_lazy("Receiver’s check"),
    Stage.INSPECTOR: gettext_lazy("Inspector’s check"),
}

MOST_DRAWN = 6
"""Causes of a picture; the table has all."""


def whole_panel(viewer: Actor, at: datetime, link: str) -> dict[str, Any] | None:
    """Shares with n and interval, the causes in order, the cost; None where the link has no handoffs."""
    stored = figures_of_link(viewer=viewer, at=at, link=link)
    if stored is None:
        return None
    found = stored.result
    passed = found.get("yield")
    return {
        "handoffs": found["handoffs"],
        "first": datetime.fromisoformat(found["first"]),
        "last": datetime.fromisoformat(found["last"]),
        "stats": [
            share_of(_("Perfect handoffs"), found["perfect"]),
            *([share_of(_("Right at first"), passed)] if passed is not None else []),
            share_of(_("Late ones told before they were due"), found["warned"]),
        ],
        "parts": [share_of(str(PARTS[part["name"]]), part) for part in found["perfect"]["parts"]],
        "causes": (causes := _causes(viewer, found)),
        "pareto": _pareto(causes),
        "returns": found["returns"],
        "cost": formats.money(found["cost"]) if found["cost"] else "",
        "checks": _checks(found["escapes"]),
        "method": f"{stored.method} {stored.version}",
    }


def share_of(label: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """A share in percent with its interval; without a value where nothing can be judged."""
    if said["value"] is None:
        return {"label": label, "value": "–", "unit": "", "n": said["n"], "interval": ""}
    low, high = (formats.number(bound * 100, 1) for bound in said["interval"])
    value, interval = formats.number(said["value"] * 100, 1), _("{low} to {high} %").format(low=low, high=high)
    return {"label": label, "value": value, "unit": "%", "n": said["n"], "interval": interval}


def _causes(viewer: Actor, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What came back by defect code, the most frequent first, with how much all up to it are together."""
    if found["causes"] is None:
        return []
    rows = found["causes"]["rows"]
    names = names_of_codes(viewer=viewer, codes=[row["name"] for row in rows if row["name"]])
    return [
        {
            "name": _code(row["name"], names),
            "label": names[row["name"]].code if row["name"] in names else "–",
            "n": int(row["count"]),
            "share": row["share"],
            "cumulative": row["cumulative"],
            "vital": row["vital"],
            "cost": formats.money(found["costs"][row["name"]]) if found["costs"].get(row["name"]) else "",
        }
        for row in rows
    ]


def _pareto(causes: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The causes as a picture, the rare ones as one; None where there is but one."""
    if len(causes) < 2:
        return None
    rows = [dict(row) for row in causes[:MOST_DRAWN]]
    if len(causes) > MOST_DRAWN:
        others = {"label": _("others"), "name": _("others"), "n": sum(row["n"] for row in causes[MOST_DRAWN - 1 :])}
        rows[-1] = others | {"cumulative": 1.0, "vital": False}
    n = sum(row["n"] for row in causes)
    return {"title": _("What comes back most"), "method": _("n = {n}").format(n=formats.number(n)), "rows": rows}


def _code(code: str, names: Mapping[str, Any]) -> str:
    if not code:
        return _("Without a code")
    return formats.labelled(names[code].code, say(names[code].name)) if code in names else code


def _checks(escapes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """How much each check let through of what was there to be found."""
    if escapes is None:
        return []
    return [
        share_of(
            _("{check}: let through").format(check=STAGES[Stage(one["name"])]),
            {"value": one["escape"], "interval": one["escape_interval"], "n": one["n"]},
        )
        for one in escapes["checks"]
    ]
