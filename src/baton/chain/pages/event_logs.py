"""What the pages of event logs show."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain import policy, queries
from baton.chain.facts import limits
from baton.chain.forms.event_logs import PairFilterForm
from baton.chain.models import EventLog, MinedPair
from baton.chain.queries import event_logs as log_queries
from baton.chain.rules import Finding, LogState, may_remember
from baton.core import uploads
from baton.core.exports import download
from baton.core.jobs import progress_of
from baton.core.middleware import BatonRequest
from baton.core.texts import Texts, clean_text
from baton_analysis.errors import BatonError, FactError, ReadError, filled, sentences
from baton_analysis.readers.model import Notice, Preview, RowProblem, RowsError

UNREADABLE = (ReadError, FactError)

STATES = {
    LogState.UPLOADED: ("info", _("Columns to be chosen")),
    LogState.READING: ("info", _("Being read")),
    LogState.MINED: ("info", _("To be looked at")),
    LogState.ACCEPTED: ("kept", _("Accepted")),
    LogState.FAILED: ("broken", _("Could not be read")),
    LogState.WITHDRAWN: ("unknown", _("Withdrawn")),
}

FINDINGS = {
    Finding.UNDECLARED: ("at_risk", _("Undeclared"), _("Work is handed over, but there is no link. Make it one.")),
    Finding.MISSING: ("broken", _("Missing"), _("A link is agreed, but the log shows no handover. Ask both sides.")),
    Finding.DEAD: (
        "unknown",
        _("Dead"),
        _("A link is agreed, but nothing was handed over for long. End it, or ask why."),
    ),
    Finding.WAY_BACK: ("info", _("Way back"), _("Work that an agreed link sends back. Look at that link's returns.")),
    Finding.KEPT: ("kept", _("As agreed"), _("A link is agreed, and work is handed over.")),
}

ROWS = 50


def address(log: EventLog) -> str:
    return reverse("chain:event_log", args=[log.public_id])


def listed(request: BatonRequest, page: Page[EventLog]) -> dict[str, Any]:
    """A page of the list: each log with the status and the words of its state."""
    rows = [(log, *STATES[LogState(log.state)]) for log in page]
    return {"page_obj": page, "rows": rows, "may_bring": policy.may_bring_event_logs(request.actor)}


def preview_of(log: EventLog, sheet: str = "") -> Preview:
    """The beginning of the file of a log; of a workbook that of a sheet, or of the one that was read before."""
    from baton_analysis.readers import preview

    wanted = sheet or log.columns.get("sheet") or None
    return preview(uploads.location(log.path), limits=limits(), sheet=wanted)


def columns(log: EventLog, seen: Preview, form: Any) -> dict[str, Any]:
    """The choice of columns beside the first rows."""
    return {
        "log": log,
        "form": form,
        "preview": seen,
        "rows": [[row.get(column.name) for column in seen.columns] for row in seen.rows],
        "notices": [notice.render(gettext) for notice in seen.notices],
        "failure": failure(log),
        "refused_rows": refused_rows(log),
    }


def failure(log: EventLog) -> str:
    """Why a log could not be read, in the reader's language; empty when it could."""
    said = log.failure
    if not said:
        return ""
    values = said["values"]
    return sentences(filled(said[part], values, gettext) for part in ("expected", "found", "remedy") if said[part])


def refused_rows(log: EventLog) -> list[str]:
    """The values for which a log could not be read, where there are several: the first twenty, each with its place."""
    rows = [RowProblem(**row) for row in log.failure.get("rows", [])]
    return [row.brief(gettext) for row in rows] if len(rows) > 1 else []


def rows_of(refused: BatonError) -> list[str]:
    """The same of a file that is refused at once."""
    problems = refused.problems if isinstance(refused, RowsError) else ()
    return [problem.brief(gettext) for problem in problems] if len(problems) > 1 else []


def unread(log: EventLog) -> dict[str, Any]:
    """A log of which nothing can be shown yet, for those who do not choose its columns."""
    _code, label = STATES[LogState(log.state)]
    return {"log": log, "state_label": label, "failure": failure(log), "refused_rows": refused_rows(log)}


def reading(log: EventLog) -> dict[str, Any]:
    """How far the worker has come with a log."""
    state = progress_of(log.run)
    return {
        "log": log,
        "done": state.done if state else 0,
        "total": (state.total if state else 0) or 100,
        "waiting": state is None or state.state == "waiting",
        "failed": state is not None and state.state == "failed",
    }


def frame(request: BatonRequest, log: EventLog, current: str) -> dict[str, Any]:
    """What all pages of a mined log have in common: figures, remarks, tabs, and what the viewer may do."""
    figures = log.figures
    counted = log_queries.summary(viewer=request.actor, log=log)
    code, label = STATES[LogState(log.state)]
    return {
        "log": log,
        "figures": figures,
        "notices": [Notice(**notice).render(gettext) for notice in figures.get("notices", [])],
        "state_code": code,
        "state_label": label,
        "counted": counted,
        "may_bring": policy.may_bring_event_logs(request.actor),
        "current": current,
        "tabs": [
            ("pairs", _("Pairs"), address(log)),
            ("map", _("Map"), reverse("chain:event_log_map", args=[log.public_id])),
            ("comparison", _("Against the agreed chain"), reverse("chain:event_log_comparison", args=[log.public_id])),
            ("names", _("Names and parties"), reverse("chain:event_log_names", args=[log.public_id])),
        ],
    }


def result(request: BatonRequest, log: EventLog, page: Page[MinedPair], form: PairFilterForm) -> dict[str, Any]:
    """The table of pairs."""
    linked = log_queries.linked_pairs(viewer=request.actor, at=request.now, log=log)
    rows = [(pair, linked.get((pair.supplier, pair.customer))) for pair in page]
    return frame(request, log, "pairs") | {"page_obj": page, "rows": rows, "form": form}


def comparison(request: BatonRequest, log: EventLog) -> dict[str, Any]:
    """The comparison with the agreed chain, one finding at a time or all."""
    whole = log_queries.comparison(viewer=request.actor, at=request.now, log=log)
    wanted = request.GET.get("finding", "")
    rows = [row for row in whole.rows if not wanted or row.finding == wanted]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    kinds = [(kind.value, *FINDINGS[kind], whole.count(kind)) for kind in FINDINGS]
    shown = [(row, *FINDINGS[row.finding]) for row in page]
    return frame(request, log, "comparison") | {
        "kinds": kinds, "shown": shown, "page_obj": page, "not_judged": whole.not_judged, "wanted": wanted,
    }  # fmt: skip


def names(request: BatonRequest, log: EventLog) -> dict[str, Any]:
    """Names of a log beside the parties that they are."""
    only = request.GET.get("show") == "unmatched"
    rows = log_queries.names_of(viewer=request.actor, log=log, unmatched_only=only)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    edited = request.GET.get("match", "") if policy.may_bring_event_logs(request.actor) else ""
    parties = queries.parties_to_choose(viewer=request.actor, at=request.now) if edited else []
    kept = {key: value for key in ("show", "page") if (value := request.GET.get(key))}
    return frame(request, log, "names") | {
        "page_obj": page, "parties": parties, "edited": edited, "unmatched_only": only,
        "rows": [(name, urlencode({**kept, "match": name.value})) for name in page], "back": urlencode(kept),
        "may_remember": may_remember(log.system, log.columns.get("party_kind", "")),
    }  # fmt: skip


def pairs_of(log: EventLog, sent: QueryDict) -> list[tuple[str, str]]:
    """The one pair of ``now``; with ``all`` every pair with ``at_least`` handovers; else the ticked ones (keys)."""
    if sent.get("now"):
        key = sent.get("now", "")
        rows = log.pairs.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    elif sent.get("all"):
        raw = sent.get("at_least", "1")
        at_least = int(raw) if raw.isdecimal() and len(raw) < 10 else 1
        rows = log.pairs.filter(handovers__gte=at_least)
    else:
        keys = [int(key) for key in sent.getlist("pair") if key.isdecimal() and len(key) < 19]
        rows = log.pairs.filter(pk__in=keys)
    return list(rows.order_by("-handovers").values_list("supplier", "customer"))


def proposed_output(log: EventLog, supplier: str) -> Texts:
    """What a link is taken to hand over where nobody has said it: the activity that its supplier does most often."""
    usual = clean_text(log.figures.get("activities", {}).get(supplier, ""))
    named = any(letter.isalpha() for letter in usual)  # a number of a step says nothing
    return {settings.LANGUAGE_CODE: usual if named else gettext("Work handed over")}


def export(request: BatonRequest, rows: QuerySet[MinedPair]) -> HttpResponseBase:
    """Pairs as CSV or workbook with inert cells."""
    names_of_columns = (
        "supplier", "customer", "handovers", "cases", "share", "median_wait_seconds", "p90_wait_seconds", "returns",
        "first_seen", "last_seen",
    )  # fmt: skip
    return download(request, "pairs", names_of_columns, rows.values_list(*names_of_columns).iterator())
