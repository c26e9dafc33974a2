"""What of agreements a search finds, what they are called, and who is told of comments on them.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from baton.agreements.models import Agreement, AgreementVersion, Clause, OfferVersion, ServiceStep
from baton.agreements.queries.agreements import clauses_by_version, versions_of
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.queries.versions import that_counts
from baton.chain.queries.discussing import heads_of_link, link_called
from baton.chain.queries.group_chats import link_announced
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.registries import Announced, Findable
from baton.core.texts import Texts

if TYPE_CHECKING:
    from baton.core.models import Person

_ASKING = Actor.system("search")
OFFERS = "/agreements/offers/"


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The agreements that the viewer may know of; guests find none."""
    return {Agreement.kind: agreements_in_sight(viewer=viewer, at=at)} if may_use(viewer) else {}


def agreements_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Agreements by number, by what is handed over and by their clauses."""
    rows = Agreement.objects.filter(public_id__in=public_ids)
    found = list(rows.select_related("link__supplier", "link__customer", "link__output"))
    versions = versions_of(viewer=_ASKING, agreements=found)
    counting = {key: that_counts(several) for key, several in versions.items() if several}
    held = clauses_by_version(viewer=_ASKING, versions=list(counting.values()))
    for one in found:
        if one.pk not in counting:  # it is being begun
            continue
        link, version = one.link, counting[one.pk]
        said = [text for clause in held[version.pk] for text in clause.characteristic.values()]
        yield Findable(
            one.public_id, one.number, link.output.name, texts=[*said, link.number],
            note=f"{link.supplier} → {link.customer}",
            ended_on=day_of(version.closed_at) if version.closed_at is not None else None,
        )  # fmt: skip


def agreement_ids() -> Iterable[str]:
    """Every agreement."""
    return Agreement.objects.values_list("public_id", flat=True)


def agreements_of_versions(public_ids: Collection[str]) -> Iterable[str]:
    """The agreements of these versions: their clauses are found through them."""
    rows = AgreementVersion.objects.filter(public_id__in=public_ids)
    return rows.values_list("agreement__public_id", flat=True)


def agreements_of_clauses(public_ids: Collection[str]) -> Iterable[str]:
    """The agreements in which these clauses stand."""
    rows = Clause.objects.filter(public_id__in=public_ids, agreement_version__isnull=False)
    return [clause.agreement_version.agreement.public_id for clause in
            rows.select_related("agreement_version__agreement") if clause.agreement_version is not None]  # fmt: skip


def agreements_of_links(public_ids: Collection[str]) -> Iterable[str]:
    """The agreements of these links."""
    return Agreement.objects.filter(link__public_id__in=public_ids).values_list("public_id", flat=True)


def agreements_of_outputs(public_ids: Collection[str]) -> Iterable[str]:
    """The agreements of links that hand over these outputs."""
    return Agreement.objects.filter(link__output__public_id__in=public_ids).values_list("public_id", flat=True)


def agreement_called(public_id: str) -> Mapping[str, str]:
    """``A-2026-0001: Laundry → Ward 3: clean linen``, without names of persons."""
    one = Agreement.objects.select_related("link").get(public_id=public_id)
    return {code: f"{one.number} · {text}" for code, text in link_called(one.link.public_id).items()}


def heads_of_agreement(public_id: str, day: date) -> Iterable[Person]:
    """The heads of both sides."""
    one = Agreement.objects.select_related("link").get(public_id=public_id)
    return heads_of_link(one.link.public_id, day)


def agreement_announced(public_id: str) -> Announced | None:
    """An agreement, to the chats of both sides of its link."""
    one = Agreement.objects.select_related("link").filter(public_id=public_id).first()
    link = link_announced(one.link.public_id) if one is not None else None
    if one is None or link is None:
        return None
    name: Texts = {code: f"{one.number} · {text}" for code, text in link.name.items()}
    return Announced(name, link.shows | {(Agreement.kind, public_id)}, link.concerns)


def version_announced(public_id: str) -> Announced | None:
    """A version, as its agreement."""
    one = AgreementVersion.objects.select_related("agreement").filter(public_id=public_id).first()
    told = agreement_announced(one.agreement.public_id) if one is not None else None
    if one is None or told is None:
        return None
    name: Texts = {code: text.replace(one.agreement.number, str(one), 1) for code, text in told.name.items()}
    return Announced(name, told.shows | {(AgreementVersion.kind, public_id)}, told.concerns)


def address_of_version(public_id: str) -> str:
    """The page on which a version (public id) is read."""
    one = AgreementVersion.objects.select_related("agreement").filter(public_id=public_id).first()
    return f"/agreements/{one.agreement.public_id}/?version={one.version}" if one is not None else "/agreements/"


def address_of_offer_version(public_id: str) -> str:
    """The page on which a version (public id) of a service offer is read."""
    one = OfferVersion.objects.select_related("offer").filter(public_id=public_id).first()
    return f"/agreements/offers/{one.offer.public_id}/?version={one.version}" if one is not None else OFFERS


def address_of_step(public_id: str) -> str:
    """The page on which a step (public id) of a service is read."""
    one = ServiceStep.objects.select_related("offer_version").filter(public_id=public_id).first()
    return f"{address_of_offer_version(one.offer_version.public_id)}#s-{public_id}" if one is not None else OFFERS


def address_of_clause(public_id: str) -> str:
    """The page on which a clause (public id) of an agreement or of a service offer is read."""
    with_texts = Clause.objects.select_related("agreement_version__agreement", "offer_version__offer")
    one = with_texts.filter(public_id=public_id).first()
    if one is not None and one.offer_version is not None:
        return f"{address_of_offer_version(one.offer_version.public_id)}#c-{public_id}"
    if one is None or one.agreement_version is None:
        return "/agreements/"
    return f"{address_of_version(one.agreement_version.public_id)}#c-{public_id}"
