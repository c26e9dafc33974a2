"""What the calls of the agreements show and take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from baton.agreements import queries
from baton.agreements.models import Agreement, AgreementVersion, Clause
from baton.agreements.rules import (
    HIGHEST,
    LARGEST_SAMPLE,
    LONGEST_BASELINE,
    NOTE_LENGTH,
    UNIT_LENGTH,
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Standing,
    Terms,
    VersionState,
)
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import Day, PublicId, SaidTexts, Sent, Shown, Texts
from baton.core.days import day_of
from baton.core.queries import Fate, SignatureStanding
from baton.core.signing_rules import Grade, Meaning

READ, WRITE = "agreements:read", "agreements:write"

Note = Annotated[str, StringConstraints(max_length=NOTE_LENGTH, pattern=r"^[^\x00]*$")]
Figure = Annotated[float, Field(ge=-HIGHEST, le=HIGHEST, allow_inf_nan=False, examples=[24])]
Unit = Annotated[
    str,
    StringConstraints(max_length=UNIT_LENGTH, pattern=r"^[^\x00]*$"),
    Field(description="One that fits the measure; of a measured value as it is written.", examples=["h"]),
]


class TermsSent(Sent):
    """What a clause says; whatever is not known yet is left out, and makes the clause incomplete."""

    characteristic: Texts = Field(examples=[{"en": "Clean linen is on the ward"}])
    clause_kind: ClauseKind = ClauseKind.OUTCOME
    aspect: Aspect | None = None
    measure: Measure | None = Field(default=None, examples=["time"])
    unit: Unit = ""
    direction: Direction | None = Field(default=None, description="Of a measured value it follows from its limits.")
    target: Figure | None = None
    lower: Figure | None = Field(default=None, description="Lower limit of a measured value.")
    upper: Figure | None = Field(default=None, description="Upper limit of a measured value.")
    attainment: Figure | None = Field(
        default=None, description="Share of the cases in percent; of times and measured values only.", examples=[95]
    )
    calendar: PublicId | None = Field(default=None, description="Of elapsed business time; null: the organisation's.")
    source: Source | None = Field(default=None, examples=["handoffs"])
    source_note: Note = ""
    sampling: Sampling = Sampling.ALL
    sample_size: Annotated[int, Field(ge=1, le=LARGEST_SAMPLE)] | None = None
    sampling_note: Note = ""
    measured_by: MeasuredBy = MeasuredBy.SUPPLIER
    perception_item: Texts | None = Field(default=None, examples=[{"en": "Linen is there when I need it."}])
    baseline_value: Figure | None = None
    baseline_weeks: Annotated[int, Field(ge=1, le=LONGEST_BASELINE)] | None = None
    baseline_from: Day | None = None
    baseline_until: Day | None = None
    baseline_note: Note = ""
    trial_until: Day | None = None

    def terms(self, side: Side) -> Terms:
        """The terms that are owed by ``side``."""
        said = {name: getattr(self, name) for name in TermsSent.model_fields}
        said |= {"calendar": self.calendar or "", "perception_item": self.perception_item or {}}
        return Terms(owed_by=side, **said)


class ClauseShown(Shown):
    """What one side owes the other."""

    id: PublicId
    line: PublicId = Field(description="The same in all versions of the agreement.")
    owed_by: Side
    characteristic: SaidTexts
    clause_kind: ClauseKind
    aspect: Aspect | None
    measure: Measure | None
    unit: str
    direction: Direction | None
    target: float | None
    lower: float | None
    upper: float | None
    attainment: float | None
    calendar: PublicId | None
    source: Source | None
    source_note: str
    sampling: Sampling
    sample_size: int | None
    sampling_note: str
    measured_by: MeasuredBy
    perception_item: SaidTexts
    baseline_value: float | None
    baseline_weeks: int | None
    baseline_from: date | None
    baseline_until: date | None
    baseline_note: str
    trial_until: date | None
    position: int
    example: bool = Field(description="Whether it is a starting value that nobody has agreed to yet.")
    dropped: bool = Field(description="Whether it is left out of the version.")
    standing: Standing = Field(description="How far it counts today, once the version is in force.")
    missing: list[str] = Field(description="What it lacks before it can be signed.")
    version: int = Field(examples=[42])


class VersionShown(Shown):
    """One text of an agreement."""

    id: PublicId
    agreement: PublicId
    number: int = Field(description="1 for the first version.")
    state: VersionState
    starts_on: date | None
    ends_on: date | None
    review_on: date | None
    renewal_days: int
    reason: str
    minimum_participation: int = Field(description="In percent.")
    proposed_side: Side | None
    proposed_at: datetime | None
    activated_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    version: int = Field(examples=[42])


class SignatureShown(Shown):
    """A signature under a version, and whether it still holds."""

    id: PublicId
    side: Side
    printed_name: SaidTexts = Field(description="As it was when it was signed.")
    capacity: SaidTexts = Field(description="As what it was signed.")
    meaning: Meaning
    grade: Grade
    means: list[str] = Field(description="What was asked for.", examples=[["sign_in_name", "password"]])
    signed_at: datetime
    local_time: datetime = Field(description="By the signer's clock.")
    digest: str = Field(description="SHA-256 of the text signed.")
    entry: int = Field(description="Number of its entry in the audit trail.", examples=[42])
    fate: Fate = Field(description="What has become of it.")


class VersionWithClauses(VersionShown):
    """One text of an agreement with its clauses, those of its service offer included, and all signatures under it."""

    clauses: list[ClauseShown]
    signatures: list[SignatureShown]


class AgreementShown(Shown):
    """An agreement with the version that counts: in force, else on its way, else the last."""

    id: PublicId
    number: str = Field(examples=["A-2026-0001"])
    link: PublicId
    supplier: PartyNamed
    customer: PartyNamed
    output: SaidTexts
    counts: VersionShown
    versions: list[PublicId] = Field(description="All versions, the newest first.")
    version: int = Field(examples=[42])


def clause_shown(request: ApiRequest, clause: Clause) -> ClauseShown:
    """One clause as it counts today."""
    held = queries.held_on(clause, day_of(request.now))
    terms = clause.terms
    said: dict[str, Any] = {name: getattr(terms, name) for name in (*TermsSent.model_fields, "owed_by")}
    said |= {"calendar": terms.calendar or None}
    return ClauseShown(
        id=clause.public_id, line=clause.line, position=clause.position, example=clause.example,
        dropped=clause.dropped, standing=held.standing, missing=list(held.missing), version=clause.changed_seq, **said,
    )  # fmt: skip


def version_fields(version: AgreementVersion) -> dict[str, Any]:
    """What is shown of a version beside its clauses."""
    names = (
        "starts_on", "ends_on", "review_on", "renewal_days", "reason", "minimum_participation", "proposed_at",
        "activated_at", "closed_at", "closed_because",
    )  # fmt: skip
    return {name: getattr(version, name) for name in names} | {
        "id": version.public_id, "agreement": version.agreement.public_id, "number": version.version,
        "state": VersionState(version.state), "proposed_side": version.proposed_side or None,
        "version": version.changed_seq,
    }  # fmt: skip


def version_with_clauses(request: ApiRequest, version: AgreementVersion) -> VersionWithClauses:
    """A version with its clauses; those that are left out stand last."""
    held = queries.clauses_by_version(viewer=request.actor, versions=[version])[version.pk]
    dropped = queries.left_out(viewer=request.actor, version=version)
    clauses = [clause_shown(request, clause) for clause in [*held, *dropped]]
    signatures = queries.signatures_under(viewer=request.actor, versions=[version])[version.pk]
    return VersionWithClauses(
        clauses=clauses, signatures=[_signature(one) for one in signatures], **version_fields(version)
    )


def _signature(standing: SignatureStanding) -> SignatureShown:
    given = standing.signature
    return SignatureShown(
        id=given.public_id, side=Side(given.side), printed_name=given.printed_name, capacity=given.capacity,
        meaning=Meaning(given.meaning), grade=Grade(given.grade), means=given.means, signed_at=given.signed_at,
        local_time=given.local_time, digest=given.digest, entry=given.changed_seq, fate=standing.fate,
    )  # fmt: skip


def agreements_shown(request: ApiRequest, agreements: Sequence[Agreement]) -> list[AgreementShown]:
    """Agreements in the caller's sight; the same few queries for any number of them."""
    versions = queries.versions_of(viewer=request.actor, agreements=agreements)
    return [_agreement(one, versions[one.pk]) for one in agreements]


def agreement_shown(request: ApiRequest, agreement: Agreement) -> AgreementShown:
    """One agreement."""
    return agreements_shown(request, [agreement])[0]


def _agreement(one: Agreement, versions: Sequence[AgreementVersion]) -> AgreementShown:
    link = one.link
    return AgreementShown(
        id=one.public_id, number=one.number, link=link.public_id,
        supplier=PartyNamed(id=link.supplier.public_id, name=link.supplier.name),
        customer=PartyNamed(id=link.customer.public_id, name=link.customer.name), output=link.output.name,
        counts=VersionShown(**version_fields(queries.that_counts(versions))),
        versions=[version.public_id for version in versions], version=one.changed_seq,
    )  # fmt: skip


def see_agreement(request: ApiRequest) -> Callable[[str], Agreement]:
    """Reads an agreement for the caller."""
    return lambda public_id: queries.agreement(viewer=request.actor, at=request.now, public_id=public_id)


def see_version(request: ApiRequest) -> Callable[[str], AgreementVersion]:
    """Reads a version for the caller."""
    return lambda public_id: queries.version(viewer=request.actor, at=request.now, public_id=public_id)


def see_clause(request: ApiRequest) -> Callable[[str], Clause]:
    """Reads a clause for the caller."""
    return lambda public_id: queries.clause(viewer=request.actor, at=request.now, public_id=public_id)
