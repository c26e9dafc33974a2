"""Who may see a record of the chain, where it stands, its keys in other systems, its discussion; who leads whom."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from baton.chain import policy, queries
from baton.chain.changes.parties import forget_person
from baton.chain.queries import accounts, discussing, measured
from baton.chain.queries.successions import pairs_before
from baton.chain.rules import gap_of_subject
from baton.core.actors import Actor
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    Earlier,
    ForgettingNote,
    Keys,
    Measurables,
    Policy,
    forgetting,
    forgetting_notes,
    leaders,
    measurables,
    person_notes,
    policies,
    superiors,
)

if TYPE_CHECKING:
    from baton.core.models import Person


def register() -> None:
    """Enter the policies of the room's records, and what it knows of persons."""
    _parties_and_links()
    _measured()
    _gaps()
    _accounts_and_contacts()
    _persons()


def _parties_and_links() -> None:
    keys = Keys(_parties_in_sight, _may_edit_party, _name_of_party, _person_of_party)
    said_of_party = Discussion(discussing.party_called, lambda one: discussing.heads_of_party(one, today()))
    said_of_link = Discussion(discussing.link_called, lambda one: discussing.heads_of_link(one, today()))
    said_of_output = Discussion(discussing.output_called, lambda one: discussing.heads_of_output(one, today()))
    said_of_project = Discussion(discussing.project_called, lambda one: discussing.heads_of_project(one, today()))

    policies.add("party", Policy(_asks(queries.sees_party), _at("parties"), keys=keys, discussion=said_of_party))
    policies.add(
        "link",
        Policy(
            _asks(queries.sees_link), _at("links"), lambda public_id: queries.pair_of(public_id=public_id),
            keys=Keys(_links_in_sight, _may_edit_link, _name_of_link), discussion=said_of_link,
            earlier=_measured_before,
        ),
    )  # fmt: skip
    policies.add("output", Policy(_asks(queries.sees_output), _at("outputs"), discussion=said_of_output))
    needs = Discussion(discussing.need_called)
    policies.add("outside_need", Policy(_asks(queries.sees_need), _at("needs"), discussion=needs))
    policies.add("reading", Policy(lambda actor, public_id: policy.may_say_how_far_members_read(actor), _of_reading))
    policies.add("project", Policy(_asks(queries.sees_project), _at("projects"), discussion=said_of_project))


def _measured() -> None:
    """Handovers between two parties are measured for all links from one to the other together."""
    measurables.add(
        "chain.pairs",
        Measurables(
            kinds=frozenset({"link"}),
            records=lambda keys: measured.links_of_pairs(keys=keys),
            sight=lambda viewer, at, search: measured.pairs_in_sight(viewer=viewer, at=at, search=search),
            named=lambda viewer, at, keys: measured.pairs_named(viewer=viewer, at=at, keys=keys),
            standing=lambda at, keys: measured.pairs_in_force(at=at, keys=keys),
            responsible=lambda at, keys: measured.responsible_for_pairs(at=at, keys=keys),
            answerable=lambda viewer, at, keys: measured.answerable_pairs(viewer=viewer, at=at, keys=keys),
        ),
    )


def _gaps() -> None:
    """Gaps are found anew each time and are no records, and people talk about them all the same."""
    said = Discussion(lambda one: discussing.gap_called(one, now()), lambda one: discussing.told_of_gap(one, now()))
    policies.add(discussing.GAP, Policy(_asks(queries.sees_gap), _place_of_gap, discussion=said))
    policies.add("gap_answer", Policy(_asks(queries.sees_gap_answer), _place_of_answer))


def _place_of_gap(public_id: str) -> str:
    detector, key = gap_of_subject(public_id) or ("", "")
    return f"/gaps/{detector}/{key}/"


def _place_of_answer(public_id: str) -> str:
    answer = queries.gap_answer_named(viewer=Actor.system("addresses"), public_id=public_id)
    return f"/gaps/{answer.detector}/{answer.key}/" if answer is not None else "/gaps/"


def _accounts_and_contacts() -> None:
    def sees_account(actor: Actor, public_id: str) -> bool:
        return bool(_accounts_in_sight(actor, [public_id]))

    def sees_contact(actor: Actor, public_id: str) -> bool:
        return bool(_contacts_in_sight(actor, [public_id]))

    keys = Keys(_accounts_in_sight, sees_account, _name_of_account, _itself)
    policies.add("account", Policy(sees_account, _at("customer-accounts"), keys=keys))
    keys = Keys(_contacts_in_sight, sees_contact, _name_of_contact, _itself)
    policies.add("contact", Policy(sees_contact, lambda public_id: f"/contacts/{public_id}/change/", keys=keys))


def _persons() -> None:
    def is_superior(actor: Actor, person: Person) -> bool:
        return queries.is_superior(viewer=actor, at=now(), person=person)

    def leads(actor: Actor, person: Person) -> bool:
        return queries.leads_a_party(viewer=actor, at=now(), person=person)

    person_notes.add("chain", lambda viewer, people: queries.places_of(viewer=viewer, at=now(), people=people))
    superiors.add("chain", is_superior)
    leaders.add("chain", leads)
    destroys = _("The name and code of the party that is this person, and the notes on memberships.")
    leaves = _(
        "Event logs whose parties are persons, until the quality manager withdraws them: their files hold names."
    )
    forgetting.add("chain", forget_person)
    forgetting_notes.add("chain", ForgettingNote(destroys, leaves))


def _asks(sees: Callable[..., bool]) -> Callable[[Actor, str], bool]:
    """A question of queries.py as the registry asks it: of the present."""
    return lambda actor, public_id: sees(viewer=actor, at=now(), public_id=public_id)


def _at(place: str) -> Callable[[str], str]:
    return lambda public_id: f"/{place}/{public_id}/"


def _of_reading(public_id: str) -> str:
    """There is one page for the one rule."""
    return "/settings/reading/"


def _itself(public_id: str) -> str:
    """Keys of an account or contact are personal data of that record itself."""
    return public_id


def _parties_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    return queries.parties_in_sight(viewer=actor, at=now(), public_ids=public_ids)


def _may_edit_party(actor: Actor, public_id: str) -> bool:
    return queries.may_edit_party(viewer=actor, at=now(), public_id=public_id)


def _name_of_party(actor: Actor, public_id: str) -> str:
    return str(queries.party(viewer=actor, at=now(), public_id=public_id))


def _person_of_party(public_id: str) -> str:
    person = queries.party(viewer=Actor.system("keys"), at=now(), public_id=public_id).person
    return person.public_id if person is not None else ""


def _links_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    seen = queries.links_in_sight(viewer=actor, at=now()).filter(public_id__in=public_ids)
    return set(seen.values_list("public_id", flat=True))


def _may_edit_link(actor: Actor, public_id: str) -> bool:
    link = queries.link(viewer=actor, at=now(), public_id=public_id)
    return policy.may_edit_link(
        policy.standing_of(actor, today()), link.supplier, link.customer, link.output.output_kind
    )


def _name_of_link(actor: Actor, public_id: str) -> str:
    return str(queries.link(viewer=actor, at=now(), public_id=public_id))


def _accounts_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    return accounts.sees_accounts(viewer=actor, at=now(), public_ids=list(public_ids))


def _name_of_account(actor: Actor, public_id: str) -> str:
    return str(accounts.account(viewer=actor, at=now(), public_id=public_id))


def _contacts_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    return accounts.sees_contacts(viewer=actor, at=now(), public_ids=list(public_ids))


def _name_of_contact(actor: Actor, public_id: str) -> str:
    return str(accounts.contact(viewer=actor, at=now(), public_id=public_id))


def _measured_before(actor: Actor, public_id: str) -> list[Earlier]:
    return pairs_before(viewer=actor, public_id=public_id)
