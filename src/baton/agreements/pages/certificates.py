"""Certificates as lists, pages and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.agreements.models import Certificate
from baton.agreements.models.certificates import CERTIFICATE_STATES
from baton.agreements.queries.certificates import CertificateRow
from baton.agreements.queries.certificates import certificates as found_certificates
from baton.agreements.rules.certificates import CertificateState
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import say

SIGNS = {
    CertificateState.VALID: "kept", CertificateState.RUNS_OUT: "at_risk", CertificateState.EXPIRED: "broken",
    CertificateState.NOT_YET: "info", CertificateState.ENDED: "unknown",
}  # fmt: skip
"""Code of the status under which a state is shown."""


def certificate_rows(rows: Iterable[CertificateRow]) -> list[dict[str, Any]]:
    """Certificates with the sign and the word of their state."""
    return [
        {"certificate": row.certificate, "sign": SIGNS[row.state], "word": CERTIFICATE_STATES[row.state]}
        for row in rows
    ]


def header() -> Sequence[str]:
    """Names of the columns of the table."""
    return [
        _("Party"), _("Certificate"), _("Certificate number"), _("Issuer"), _("Valid from"), _("Valid until"),
        _("State"),
    ]  # fmt: skip


def rows(found: Iterable[Certificate], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each certificate."""
    day = day_of(at)
    for one in found:
        state = str(CERTIFICATE_STATES[one.state_on(day)])
        yield [say(one.party.name), one.name, one.certificate_number, one.issuer, one.began_on, one.ends_on, state]


def all_certificates(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every certificate that the viewer sees and that was not ended."""
    return rows(found_certificates(viewer=viewer, at=at), at)
