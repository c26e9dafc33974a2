"""Made-up records for the living page of components: a hospital's laundry, wards, pharmacy and laboratory."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

# Weekly median waits in days: a calm phase, a change in week 27, and a week without handoffs.
WAITS: tuple[float | None, ...] = (
    1.42, 1.31, 1.55, 1.38, 1.47, 1.6, 1.29, 1.44, 1.5, 1.36, 1.41, 1.93, 1.45, 1.39, 1.52, 1.33, None, 1.48, 1.4, 1.57,
    1.35, 1.46, 1.43, 1.51, 1.37, 1.49, 1.12, 1.05, 1.18, 0.98, 1.1, 1.21, 1.02, 1.15, 0.95, 1.08, 1.13, 1.2, 1.0, 1.11,
    1.07, 1.16, 1.03, 1.24, 1.27, 1.3, 1.31, 1.29, 1.33, 1.28, 1.35, 1.34,
)  # fmt: skip
CHANGE = 26


def links() -> list[dict[str, Any]]:
    """Six rows of a list of links."""
    return [
        {
            "supplier": _("Laundry"), "customer": _("Ward 3"), "output": _("Clean linen"), "handoffs": 2_214,
            "wait": 93_600.0, "returned": 0.012, "status": "kept", "trend": WAITS[26:],
        },
        {
            "supplier": _("Pharmacy"), "customer": _("Ward 3"), "output": _("Doses"), "handoffs": 18_902,
            "wait": 2_280.0, "returned": 0.004, "status": "kept", "trend": WAITS[:20],
        },
        {
            "supplier": _("Clinical laboratory"), "customer": _("Doctors"), "output": _("Results"), "handoffs": 41_377,
            "wait": 4_020.0, "returned": 0.021, "status": "at_risk", "trend": WAITS[10:40],
        },
        {
            "supplier": _("Ward 3"), "customer": _("Clinical laboratory"), "output": _("Specimens"), "handoffs": 39_840,
            "wait": 1_500.0, "returned": 0.034, "status": "broken", "trend": WAITS[30:],
        },
        {
            "supplier": _("Porters"), "customer": _("Imaging"), "output": _("Patient transport"), "handoffs": 7,
            "wait": 1_020.0, "returned": None, "status": "unknown", "trend": (None, None, 1.2, 1.4, 1.1),
        },
    ]  # fmt: skip


def wait_chart() -> dict[str, Any]:
    """An individuals chart with two phases, a gap and three violations."""
    named = {
        11: [_("Nelson 1: one point beyond 3σ")],
        50: [_("Nelson 3: six points rising")],
        51: [_("Nelson 3: six points rising")],
    }
    points, centre = [], []
    for week, value in enumerate(WAITS):
        middle, spread = (1.45, 0.31) if week < CHANGE else (1.14, 0.27)
        centre.append(middle)
        points.append({
            "label": f"2026-W{week + 1:02d}", "value": value, "n": 0 if value is None else 38 + week % 7,
            "lcl": middle - spread, "ucl": middle + spread, "phase": int(week >= CHANGE),
            "violations": named.get(week, []),
        })  # fmt: skip
    return {
        "title": _("Median wait, weekly"), "unit": _("d"), "kind": "I", "points": points, "centre": centre,
        "phases": [{"start": 0, "label": _("as it was")}, {"start": CHANGE, "label": _("second delivery at noon")}],
        "method": _("individuals and moving range, Nelson rules 1 to 4"), "warnings": [],
    }  # fmt: skip


def wait_spread() -> dict[str, Any]:
    """A histogram of waits with an upper limit and a target."""
    counts = (3, 11, 24, 31, 22, 12, 6, 3, 1)
    columns = [{"low": 0.5 * place, "high": 0.5 * (place + 1), "n": n, "outside": place >= 6}
               for place, n in enumerate(counts)]  # fmt: skip
    return {
        "title": _("Waits of the last phase"), "unit": _("h"), "method": "n = 114", "columns": columns, "above": 1,
        "limits": [{"value": 3.0, "label": _("Upper limit")}, {"value": 2.0, "label": _("Target")}],
    }  # fmt: skip


def return_chart() -> dict[str, Any]:
    """A p' chart: limits step with the number of handoffs."""
    points, centre = [], []
    for week in range(30):
        n = 40 + (week * 37) % 90
        share = 0.06 + ((week * 7919) % 13 - 6) * 0.006
        spread = 3 * (0.06 * 0.94 / n) ** 0.5
        over = week == 21
        points.append({
            "label": f"2026-W{week + 1:02d}", "value": 0.21 if over else share, "n": n, "lcl": max(0.0, 0.06 - spread),
            "ucl": 0.06 + spread, "phase": 0, "violations": [_("Nelson 1: one point beyond 3σ")] if over else [],
        })  # fmt: skip
        centre.append(0.06)
    return {
        "title": _("Share returned, weekly"), "unit": _("share"), "kind": "p'", "points": points, "centre": centre,
        "phases": [{"start": 0, "label": ""}], "method": _("Laney p', Nelson rule 1"),
        "warnings": [_("Six weeks have fewer than 50 handoffs: their limits are wide.")],
    }  # fmt: skip


def hospital() -> dict[str, Any]:
    """A chain of ten parties in every kind, state and style."""
    kinds = {
        "supplier": _("supplier"), "department": _("department"), "team": _("team"), "role": _("position"),
        "customer": _("customer"),
    }  # fmt: skip
    names = [
        ("sup", _("Linen supplier"), "supplier", ""), ("laundry", _("Laundry"), "department", "kept"),
        ("cssd", _("Sterile supply"), "department", "kept"), ("pharmacy", _("Pharmacy"), "department", "at_risk"),
        ("ward", _("Ward 3"), "team", "broken"), ("lab", _("Clinical laboratory"), "department", "at_risk"),
        ("doctors", _("Doctors"), "role", "kept"), ("porters", _("Porters"), "team", "unknown"),
        ("imaging", _("Imaging"), "department", "kept"), ("patient", _("Patient"), "customer", ""),
    ]  # fmt: skip
    lines = [
        ("sup", "laundry", 52, "kept", "agreed"), ("laundry", "ward", 2214, "kept", "agreed"),
        ("cssd", "ward", 890, "kept", "agreed"), ("pharmacy", "ward", 18902, "at_risk", "agreed"),
        ("ward", "lab", 39840, "broken", "agreed"), ("lab", "doctors", 41377, "at_risk", "agreed"),
        ("porters", "imaging", 7, "unknown", "mined"), ("imaging", "doctors", 3020, "kept", "agreed"),
        ("doctors", "pharmacy", 18240, "", "mined"), ("doctors", "patient", 9120, "kept", "agreed"),
        ("ward", "patient", 31200, "kept", "agreed"), ("ward", "porters", 0, "", "dead"),
        ("laundry", "imaging", 0, "", "missing"),
    ]  # fmt: skip
    return {
        "nodes": [
            {"id": key, "label": label, "kind": kinds[kind], "shape": kind, "href": f"#{key}", "status": status}
            for key, label, kind, status in names
        ],
        "edges": [
            {
                "id": f"{supplier}-{customer}", "source": supplier, "target": customer, "label": "", "weight": weight,
                "href": f"#{supplier}-{customer}", "status": status, "style": style,
            }
            for supplier, customer, weight, status, style in lines
        ],
    }  # fmt: skip


def timeline(now: datetime) -> list[dict[str, Any]]:
    """What happened on a link, newest first."""
    return [
        {
            "title": _("Six weeks rising: the median wait is going out of control"), "at": now - timedelta(hours=3),
            "who": _("Signal"), "icon": "triangle-alert", "status": "at-risk",
            "text": _("Nelson rule 3 in weeks 47 to 52."),
        },
        {
            "title": _("Standard agreed: clean linen by 07:30"), "at": now - timedelta(days=41),
            "who": _("Head nurse Lin"), "icon": "handshake", "text": _("Version 2, signed by both sides."),
        },
        {
            "title": _("Link found in the event log"), "at": now - timedelta(days=90), "who": "Baton",
            "icon": "telescope",
        },
    ]  # fmt: skip


def definitions() -> list[tuple[str, str]]:
    """Facts of a link."""
    return [
        (_("Supplier"), _("Laundry")), (_("Customer"), _("Ward 3")), (_("Output"), _("Clean linen")),
        (_("Responsible"), _("Head of laundry")), (_("Since"), "2025-03-01"),
    ]  # fmt: skip


def tabs() -> list[tuple[str, str, str]]:
    """Parts of a link's page."""
    return [
        ("overview", _("Overview"), "#tabs"), ("charts", _("Charts"), "#tabs"), ("standards", _("Standards"), "#tabs"),
        ("history", _("History"), "#tabs"),
    ]  # fmt: skip


def stale() -> list[tuple[str, str, str]]:
    """Two fields that somebody else changed."""
    return [(_("Name"), _("Laundry and linen"), _("Laundry")), (_("Head"), "Chen Jing", "Wu Tao")]
