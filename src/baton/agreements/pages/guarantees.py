"""Service guarantees as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.agreements.models import GuaranteeCall
from baton.agreements.queries.guarantees import GuaranteeRow
from baton.agreements.rules.guarantees import CallOutcome, HonouredShare
from baton.core import formats

SIGNS = {CallOutcome.OPEN: "info", CallOutcome.HONOURED: "kept", CallOutcome.NOT_HONOURED: "broken"}
"""Code of the status under which an outcome is shown."""


def share_words(share: HonouredShare) -> str:
    """``9 of 10 calls honoured (90.0 %) in 12 months, 1 open``."""
    if not share.ended and not share.open:
        return _("Not called in 12 months")
    parts = []
    if share.ended:
        said = ngettext(
            "{honoured} of {ended} call honoured ({share}) in 12 months",
            "{honoured} of {ended} calls honoured ({share}) in 12 months", share.ended,
        )  # fmt: skip
        parts.append(said.format(honoured=share.honoured, ended=share.ended, share=formats.percent(share.share)))
    if share.open:
        parts.append(ngettext("{n} open", "{n} open", share.open).format(n=share.open))
    return formats.listing(parts)


def guarantee_rows(rows: Iterable[GuaranteeRow]) -> list[dict[str, Any]]:
    """Guarantees with how many calls were honoured, in words."""
    return [{"guarantee": row.guarantee, "honoured": share_words(row.honoured)} for row in rows]


def call_rows(calls: Iterable[GuaranteeCall], *, may_end: Iterable[int]) -> list[dict[str, Any]]:
    """Calls with the sign of their outcome; ``may_end`` are the keys of those that the viewer may end."""
    ending = set(may_end)
    return [{"call": one, "sign": SIGNS[CallOutcome(one.outcome)], "may_end": one.pk in ending} for one in calls]
