"""What charts and maps say in the browser, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext


def of_chart() -> dict[str, str]:
    """Words of the control chart's tooltip, lines and warnings."""
    return {
        "n": gettext("n"),
        "centre": gettext("Centre line"),
        "ucl": gettext("Upper limit"),
        "lcl": gettext("Lower limit"),
        "value": gettext("Value"),
        "gap": gettext("no data"),
        "violations": gettext("Violations"),
        "phase": gettext("Phase"),
    }


def of_map() -> dict[str, str]:
    """Words of the map's details and of its styles and states."""
    return {
        "supplies": gettext("Its customers"),
        "receives": gettext("Its suppliers"),
        "open": gettext("Open"),
        "close": gettext("Close"),
        "handoffs": gettext("handoffs"),
        "agreed": gettext("agreed"),
        "mined": gettext("found in the event log, not agreed"),
        "dead": gettext("agreed, not seen"),
        "missing": gettext("missing"),
        "kept": gettext("Kept"),
        "at_risk": gettext("At risk"),
        "broken": gettext("Broken"),
        "in_control": gettext("In control"),
        "signal": gettext("Signal"),
        "unknown": gettext("Unknown"),
        "gap": gettext("No head"),
        "way_from": gettext("Way from here to…"),
        "way_choose": gettext("Now choose where the way leads."),
        "way_none": gettext("No way leads there."),
        "way_outside": gettext("Way to the outside customer"),
        "second": gettext("Its customers’ customers"),
    }
