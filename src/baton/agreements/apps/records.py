"""Who may see a record of the agreements, where it stands, what it is called, and how it is found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import queries
from baton.agreements.changes import outside_opinions, signing
from baton.agreements.models import AgreementVersion, Certificate, Clause, Guarantee, GuaranteeCall
from baton.agreements.models.agreements import SIDES
from baton.agreements.pages.history import ACTIONS, OFFER_ACTIONS
from baton.agreements.pages.signing import clauses_of, text_of
from baton.agreements.queries import certificates as kept
from baton.agreements.queries import guarantees as given
from baton.agreements.queries import searching
from baton.agreements.queries.counting import counting_by
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    OutsideTask,
    Policy,
    Searchable,
    Signable,
    announcements,
    api_routers,
    api_scopes,
    calendar_uses,
    evidence,
    outside_tasks,
    policies,
    search_sights,
    searchables,
    signables,
    who_reads,
)

_ASKING = Actor.system("signing")


def register() -> None:
    """Enter policies, words of the trail, what people outside are asked, and what is found."""
    _policies()
    _asking_outside()
    _search()
    _signing()
    _programs()
    words.declare({code: label for code, (label, _icon) in ACTIONS.items() if code not in OFFER_ACTIONS})


def _policies() -> None:
    said = Discussion(searching.agreement_called, lambda one: searching.heads_of_agreement(one, today()))
    policies.add("agreement", Policy(_sees_agreement, lambda one: f"/agreements/{one}/", discussion=said))
    policies.add("agreement_version", Policy(who_reads(_version), searching.address_of_version))
    policies.add(
        Certificate.kind,
        Policy(_sees_certificate, lambda one: f"/agreements/certificates/{one}/",
               discussion=Discussion(kept.name_of_certificate, lambda one: kept.heads_of_certificate(one, today()))),
    )  # fmt: skip
    policies.add(Guarantee.kind, Policy(_sees_guarantee, lambda one: f"/agreements/guarantees/{one}/"))
    policies.add(GuaranteeCall.kind, Policy(who_reads(_call), given.address_of_call))
    policies.add("clause", Policy(who_reads(_clause), searching.address_of_clause))


def _asking_outside() -> None:
    evidence.add("agreements", queries.proves_an_acceptance)
    outside_tasks.add(
        signing.OUTSIDE_TASK,
        OutsideTask(
            AgreementVersion.kind, _("Read and accept an agreement"), "agreements/_text.html",
            lambda public_id, side: text_of(public_id), signing.accept_through_link,
            outside_opinions.object_through_link, parts=clauses_of,
        ),
    )  # fmt: skip
    outside_tasks.add(
        signing.OPINION_TASK,
        OutsideTask(
            AgreementVersion.kind, _("Say what you think of an agreement"), "agreements/_text.html",
            lambda public_id, side: text_of(public_id), outside_opinions.consent_through_link,
            outside_opinions.object_through_link, parts=clauses_of, signs=False,
        ),
    )  # fmt: skip


def _sees_agreement(actor: Actor, public_id: str) -> bool:
    return queries.sees_agreement(viewer=actor, at=now(), public_id=public_id)


def _sees_certificate(actor: Actor, public_id: str) -> bool:
    return kept.certificates_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()


def _sees_guarantee(actor: Actor, public_id: str) -> bool:
    return given.guarantees_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()


def _call(*, viewer: Actor, public_id: str) -> GuaranteeCall:
    return given.call(viewer=viewer, at=now(), public_id=public_id)


def _version(*, viewer: Actor, public_id: str) -> AgreementVersion:
    return queries.version(viewer=viewer, at=now(), public_id=public_id)


def _clause(*, viewer: Actor, public_id: str) -> Clause:
    return queries.clause(viewer=viewer, at=now(), public_id=public_id)


def _programs() -> None:
    api_scopes.add("agreements:read", _("Read agreements, their versions and clauses"))
    api_scopes.add("agreements:write", _("Write agreements, propose and decline versions; nobody signs with it"))
    for prefix, name in (
        ("agreements", "agreements.router"),
        ("agreement-versions", "versions.router"),
        ("clauses", "versions.clauses_router"),
        ("certificates", "certificates.router"),
        ("guarantees", "guarantees.router"),
        ("guarantee-calls", "guarantees.calls_router"),
    ):
        api_routers.add(prefix, f"baton.agreements.api.{name}")


def _signing() -> None:
    signables.add(
        AgreementVersion.kind,
        Signable(
            contents=lambda ids: queries.contents_of(viewer=_ASKING, public_ids=ids),
            names=lambda ids: queries.names_of(viewer=_ASKING, public_ids=ids),
            sides={side.value: label for side, label in SIDES.items()},
        ),
    )  # fmt: skip
    calendar_uses.add("agreements", counting_by)


def _search() -> None:
    searchables.add(
        "agreement",
        Searchable(
            _("Agreements"), "handshake", searching.agreements_read, searching.agreement_ids,
            lambda found: f"/agreements/{found.public_id}/", order=25,
            follows={
                "agreement_version": searching.agreements_of_versions, "clause": searching.agreements_of_clauses,
                "link": searching.agreements_of_links, "output": searching.agreements_of_outputs,
            },
        ),
    )  # fmt: skip
    searchables.add(
        Certificate.kind,
        Searchable(
            _("Certificates"), "shield-check", kept.certificates_read, kept.certificate_ids,
            lambda found: f"/agreements/certificates/{found.public_id}/", order=45,
            follows={"party": kept.certificates_of_parties},
        ),
    )  # fmt: skip
    search_sights.add("agreements", searching.search_sight)
    search_sights.add("agreements.certificates", kept.certificate_sight)
    announcements.add("agreement", searching.agreement_announced)
    announcements.add("agreement_version", searching.version_announced)
