"""The room chain, and what it offers to the rooms below through their registries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baton.core.days import day_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.actors import Actor
    from baton.core.models import Person
    from baton.core.registries import Discussion, Earlier


class ChainConfig(AppConfig):
    name = "baton.chain"
    label = "chain"
    verbose_name = "Chain"

    def ready(self) -> None:
        _register_navigation()
        _register_gaps()
        _register_proposals()
        _register_policies()
        _register_exports()
        _register_lists()
        _register_imports()
        _register_discovery()
        _register_bulk_entries()
        _register_bulk_accounts()
        _register_api()
        _register_search()
        _register_group_chats()
        _name_actions()


def _register_proposals() -> None:
    from baton.chain import queries
    from baton.chain.changes.proposals import ANSWERED_TOPIC, PROPOSED_TOPIC
    from baton.core.errors import NotFound
    from baton.core.registries import Policy, Topic, policies, topics

    def may_see(actor: Actor, public_id: str) -> bool:
        try:
            return bool(queries.proposal(viewer=actor, at=_now(), public_id=public_id))
        except NotFound:
            return False

    policies.add("link_proposal", Policy(may_see, lambda public_id: f"/proposals/#p-{public_id}"))
    proposed = gettext_noop("{name} proposes links of {party}. Enter or decline them: {count}.")
    topics.add(PROPOSED_TOPIC, Topic(proposed, _("Proposed links")))
    topics.add(ANSWERED_TOPIC, Topic(gettext_noop("Your proposed link is answered: {output}."), _("Proposed links")))


def _register_discovery() -> None:
    from baton.chain import facts, policy, tasks
    from baton.chain.changes.event_logs import FAILED_TOPIC, MINE_JOB, MINED_TOPIC
    from baton.core.registries import (
        FactBuilder,
        Job,
        NavigationEntry,
        Policy,
        Topic,
        fact_builders,
        jobs,
        navigation,
        policies,
        topics,
    )

    shown = policy.may_see_event_logs
    navigation.add("chain.discovery", NavigationEntry(_("Discovery"), "waypoints", "chain:event_logs", shown, 50))
    policies.add(
        "event_log",
        Policy(lambda actor, public_id: policy.may_see_event_logs(actor), lambda public_id: f"/discovery/{public_id}/"),
    )
    jobs.add(MINE_JOB, Job(_("Read an event log"), tasks.mine_event_log))
    mined = gettext_noop("The event log “{name}” is read: see who hands work to whom.")
    failed = gettext_noop("The event log “{name}” could not be read. The page says why.")
    topics.add(MINED_TOPIC, Topic(mined, _("Event logs of mine")))
    topics.add(FAILED_TOPIC, Topic(failed, _("Event logs of mine")))
    kinds = frozenset({"event_log"})
    handovers = FactBuilder(facts.TABLE, kinds, facts.handover_sources, facts.handover_facts, named=facts.log_name)
    fact_builders.add("chain.handovers", handovers)


def _register_bulk_entries() -> None:
    from baton.chain import policy
    from baton.chain.changes import bulk_links, bulk_memberships, bulk_outputs, bulk_parties, making_links
    from baton.core.registries import BulkTarget, bulk_targets

    bulk_targets.add(
        bulk_links.TARGET,
        BulkTarget(
            title=_("Links"),
            model="chain.Link",
            may_enter=policy.may_add_links_in_bulk,
            rows=bulk_links.links_of,
            admit=bulk_links.admit_links,
            conflict=bulk_links.conflict_of_links,
            released=bulk_links.RELEASED,
            prepare=making_links.prepare_links,
            sealed=making_links.note_links_made,
        ),
    )
    bulk_targets.add(
        bulk_parties.PARTIES_TARGET,
        BulkTarget(
            title=_("Parties"), model="chain.Party", may_enter=policy.may_add_links_in_bulk,
            rows=bulk_parties.parties_of, admit=bulk_parties.admit_parties, conflict=bulk_parties.conflict_of_parties,
            released=bulk_parties.RELEASED,
        ),
    )  # fmt: skip
    bulk_targets.add(
        bulk_memberships.MEMBERSHIPS_TARGET,
        BulkTarget(
            title=_("Memberships"), model="chain.Membership", may_enter=policy.may_add_links_in_bulk,
            rows=bulk_memberships.memberships_of, admit=bulk_memberships.admit_memberships,
            conflict=bulk_memberships.conflict_of_memberships, released=bulk_memberships.RELEASED,
        ),
    )  # fmt: skip
    bulk_targets.add(
        bulk_outputs.OUTPUTS_TARGET,
        BulkTarget(
            title=_("Outputs"), model="chain.Output", may_enter=policy.may_add_links_in_bulk,
            rows=bulk_outputs.outputs_of, admit=bulk_outputs.admit_outputs, conflict=bulk_outputs.conflict_of_outputs,
            released=bulk_outputs.RELEASED,
        ),
    )  # fmt: skip


def _register_bulk_accounts() -> None:
    from baton.chain import policy
    from baton.chain.changes import bulk_accounts
    from baton.core.registries import BulkTarget, bulk_targets

    bulk_targets.add(
        bulk_accounts.ACCOUNTS_TARGET,
        BulkTarget(
            title=_("Accounts"), model="chain.Account", may_enter=policy.may_take_contacts,
            rows=bulk_accounts.accounts_of, admit=bulk_accounts.admit_accounts,
            conflict=bulk_accounts.conflict_of_accounts, released=bulk_accounts.ACCOUNTS_RELEASED,
        ),
    )  # fmt: skip
    bulk_targets.add(
        bulk_accounts.CONTACTS_TARGET,
        BulkTarget(
            title=_("Contacts"), model="chain.Contact", may_enter=policy.may_take_contacts,
            rows=bulk_accounts.contacts_of, admit=bulk_accounts.admit_contacts,
            conflict=bulk_accounts.conflict_of_contacts, released=bulk_accounts.CONTACTS_RELEASED,
        ),
    )  # fmt: skip


def _register_search() -> None:
    from baton.chain.queries import searching
    from baton.core.registries import Searchable, search_sights, searchables

    searchables.add(
        "party",
        Searchable(
            _("Parties"), "building-2", searching.parties_read, searching.party_ids,
            lambda found: f"/parties/{found.public_id}/", order=10,
            follows={"external_key": searching.parties_with_keys}, about=searching.parties_of_person,
        ),
    )  # fmt: skip
    searchables.add(
        "link",
        Searchable(
            _("Links"), "arrow-left-right", searching.links_read, searching.link_ids,
            lambda found: f"/links/{found.public_id}/", order=20,
            follows={"party": searching.links_of_parties, "output": searching.links_of_outputs},
            about=searching.links_of_person,
        ),
    )  # fmt: skip
    searchables.add(
        "output",
        Searchable(
            _("Outputs"), "package", searching.outputs_read, searching.output_ids,
            lambda found: f"/outputs/{found.public_id}/", order=30,
        ),
    )  # fmt: skip
    searchables.add(
        "outside_need",
        Searchable(
            _("Outside needs"), "target", searching.needs_read, searching.need_ids,
            lambda found: f"/needs/{found.public_id}/", order=40,
        ),
    )  # fmt: skip
    searchables.add(
        "project",
        Searchable(
            _("Projects"), "briefcase", searching.projects_read, searching.project_ids,
            lambda found: f"/projects/{found.public_id}/", order=50,
        ),
    )  # fmt: skip
    search_sights.add("chain", searching.search_sight)


def _register_api() -> None:
    from baton.core.registries import api_routers, api_scopes

    api_scopes.add(
        "chain:read", _("Read parties, memberships, links, outputs, outside needs, projects, gaps and event logs")
    )
    api_scopes.add(
        "chain:write", _("Change parties, memberships, links, outputs, outside needs and projects, answer gaps")
    )
    api_scopes.add("accounts:read", _("Read accounts and contacts of outside parties; phones and addresses masked"))
    api_scopes.add("accounts:write", _("Change accounts and contacts; see the phone and e-mail of a contact unmasked"))
    for prefix, router in (
        ("parties", "parties.router"),
        ("party-keys", "keys.router"),
        ("successions", "successions.successions_router"),
        ("memberships", "memberships.router"),
        ("links", "links.router"),
        ("outputs", "outputs.router"),
        ("responsibilities", "outputs.responsibilities_router"),
        ("needs", "needs.router"),
        ("projects", "projects.router"),
        ("gaps", "gaps.router"),
        ("proposals", "proposals.router"),
        ("paths", "proposals.paths_router"),
        ("map", "maps.map_router"),
        ("event-logs", "maps.logs_router"),
        ("accounts", "accounts.router"),
        ("contacts", "contacts.router"),
    ):
        api_routers.add(prefix, f"baton.chain.api.{router}")


def _register_group_chats() -> None:
    from baton.chain.queries import group_chats
    from baton.core.registries import Audience, announcements, audiences

    announcements.add("party", group_chats.party_announced)
    announcements.add("link", group_chats.link_announced)
    announcements.add("output", group_chats.output_announced)
    audiences.add(
        "party",
        Audience(
            choices=lambda actor, at: group_chats.party_choices(viewer=actor, at=at), people=group_chats.people_in,
            leaders=group_chats.leaders_of, named=group_chats.party_named, concerned=True,
        ),
    )  # fmt: skip


def _name_actions() -> None:
    from baton.chain.pages.history import ACTIONS, EVENT_LOG_ACTIONS
    from baton.core.audit import words

    words.declare({code: label for code, (label, _icon) in ACTIONS.items()} | EVENT_LOG_ACTIONS)


def _register_navigation() -> None:
    from baton.core.policy import is_signed_in, may_use
    from baton.core.registries import NavigationEntry, navigation

    navigation.add("chain.home", NavigationEntry(_("My chain"), "house", "chain:home", is_signed_in, 10))
    navigation.add("chain.map", NavigationEntry(_("Map"), "network", "chain:map", may_use, 20))
    navigation.add("chain.matrix", NavigationEntry(_("Matrix"), "layout-grid", "chain:matrix", may_use, 25))
    navigation.add("chain.links", NavigationEntry(_("Links"), "arrow-left-right", "chain:links", may_use, 30))
    navigation.add("chain.parties", NavigationEntry(_("Parties"), "building-2", "chain:parties", is_signed_in, 40))
    navigation.add("chain.outputs", NavigationEntry(_("Outputs"), "package", "chain:outputs", may_use, 42))
    navigation.add("chain.needs", NavigationEntry(_("Outside needs"), "heart", "chain:needs", may_use, 44))
    navigation.add("chain.projects", NavigationEntry(_("Projects"), "briefcase", "chain:projects", may_use, 46))


def _register_gaps() -> None:
    from baton.chain import queries
    from baton.chain.changes.gaps import ASSIGNED_MESSAGE, ASSIGNED_TOPIC
    from baton.chain.pages import gaps
    from baton.chain.panels import assigned_gaps
    from baton.core.policy import may_use
    from baton.core.registries import Export, NavigationEntry, Panel, Topic, exports, navigation, panels, topics
    from baton.core.rules import MailRhythm

    def waiting(actor: Actor) -> int:
        return queries.open_gaps(viewer=actor, at=_now())

    navigation.add("chain.gaps", NavigationEntry(_("Gaps"), "flag", "chain:gaps", may_use, 45, waiting))
    topics.add(ASSIGNED_TOPIC, Topic(ASSIGNED_MESSAGE, _("Gaps that I am to close"), MailRhythm.AT_ONCE))
    text = _("What nobody has made clear, what to do about it, and what was said to it.")
    exports.add("chain.gaps", Export(_("Gaps"), gaps.header, gaps.all_gaps, text, may_use))
    panels.add(
        "chain.assigned_gaps",
        Panel("home", _("Gaps assigned to me"), "chain/_assigned_gaps.html", assigned_gaps, order=10),
    )


def _register_policies() -> None:
    from baton.chain import queries
    from baton.chain.changes.parties import forget_person
    from baton.core.registries import (
        ForgettingNote,
        Keys,
        Policy,
        forgetting,
        forgetting_notes,
        leaders,
        person_notes,
        policies,
        superiors,
    )

    def is_superior(actor: Actor, person: Person) -> bool:
        return queries.is_superior(viewer=actor, at=_now(), person=person)

    keys = Keys(_parties_in_sight, _may_edit_party, _name_of_party, _person_of_party)
    said = _discussions()
    policies.add(
        "party", Policy(_sees_party, lambda public_id: f"/parties/{public_id}/", keys=keys, discussion=said["party"])
    )
    policies.add(
        "link",
        Policy(
            _sees_link,
            lambda public_id: f"/links/{public_id}/",
            _measured_as,
            discussion=said["link"],
            earlier=_measured_before,
        ),
    )
    policies.add("output", Policy(_sees_output, lambda public_id: f"/outputs/{public_id}/", discussion=said["output"]))
    policies.add(
        "outside_need", Policy(_sees_need, lambda public_id: f"/needs/{public_id}/", discussion=said["outside_need"])
    )
    policies.add(
        "project", Policy(_sees_project, lambda public_id: f"/projects/{public_id}/", discussion=said["project"])
    )

    of_accounts = Keys(_accounts_in_sight, lambda actor, account: bool(_accounts_in_sight(actor, [account])),
                       _name_of_account, lambda account: account)  # fmt: skip
    policies.add(
        "account",
        Policy(lambda actor, account: bool(_accounts_in_sight(actor, [account])),
               lambda account: f"/customer-accounts/{account}/", keys=of_accounts),
    )  # fmt: skip
    of_contacts = Keys(_contacts_in_sight, lambda actor, contact: bool(_contacts_in_sight(actor, [contact])),
                       _name_of_contact, lambda contact: contact)  # fmt: skip
    policies.add(
        "contact",
        Policy(lambda actor, contact: bool(_contacts_in_sight(actor, [contact])),
               lambda contact: f"/contacts/{contact}/change/", keys=of_contacts),
    )  # fmt: skip

    def leads(actor: Actor, person: Person) -> bool:
        return queries.leads_a_party(viewer=actor, at=_now(), person=person)

    person_notes.add("chain", lambda viewer, people: queries.places_of(viewer=viewer, at=_now(), people=people))
    superiors.add("chain", is_superior)
    leaders.add("chain", leads)
    destroys = _("The name and code of the party that is this person, and the notes on memberships.")
    leaves = _(
        "Event logs whose parties are persons, until the quality manager withdraws them: their files hold names."
    )
    forgetting.add("chain", forget_person)
    forgetting_notes.add("chain", ForgettingNote(destroys, leaves))


def _discussions() -> dict[str, Discussion]:
    """What people comment on, what it is called, and who is told."""
    from baton.chain.queries import discussing
    from baton.core.registries import Discussion

    def today() -> date:
        return day_of(_now())

    return {
        "party": Discussion(discussing.party_called, lambda one: discussing.heads_of_party(one, today())),
        "link": Discussion(discussing.link_called, lambda one: discussing.heads_of_link(one, today())),
        "output": Discussion(discussing.output_called, lambda one: discussing.heads_of_output(one, today())),
        "outside_need": Discussion(discussing.need_called),
        "project": Discussion(discussing.project_called, lambda one: discussing.heads_of_project(one, today())),
    }


def _register_exports() -> None:
    from baton.chain.pages import exports as tables
    from baton.chain.pages import tables as more
    from baton.core.policy import may_use
    from baton.core.registries import Export, exports

    links = _("Who hands what to whom, ended links too, each with its status and its latest figures.")
    parties = _("Everybody who gives or receives work, with the place in the tree; ended parties too.")
    exports.add("chain.links", Export(_("Links"), tables.link_header, tables.all_links, links))
    exports.add("chain.parties", Export(_("Parties"), tables.party_header, tables.all_parties, parties))
    outputs = _("What is handed over, with item code and who is accountable; ended outputs too.")
    needs = _("What people outside need, in their words, with the number of links that name it; ended needs too.")
    projects = _("Work with an end: who leads it, when it is meant to be over; ended projects too.")
    exports.add("chain.outputs", Export(_("Outputs"), more.output_header, more.all_outputs, outputs, may_use))
    exports.add("chain.needs", Export(_("Outside needs"), more.need_header, more.all_needs, needs, may_use))
    exports.add("chain.projects", Export(_("Projects"), more.project_header, more.all_projects, projects, may_use))


def _register_lists() -> None:
    from baton.chain.pages.lists import LISTS
    from baton.core.lists.registry import lists

    for name, entry in LISTS.items():
        lists.add(name, entry)


def _register_imports() -> None:
    from baton.chain import policy
    from baton.chain.imports import TARGETS
    from baton.core.import_targets import import_targets
    from baton.core.registries import Import, imports

    text = _("XES, CSV or Parquet with case, time, activity and party: shows who hands work to whom and draws charts.")
    for name, target in TARGETS.items():
        import_targets.add(name, target)
    imports.add("chain.event_logs", Import(_("Event log"), text, "chain:event_logs", policy.may_bring_event_logs))


def _sees_party(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_party(viewer=actor, at=_now(), public_id=public_id)


def _parties_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    from baton.chain import queries

    return queries.parties_in_sight(viewer=actor, at=_now(), public_ids=public_ids)


def _may_edit_party(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.may_edit_party(viewer=actor, at=_now(), public_id=public_id)


def _name_of_party(actor: Actor, public_id: str) -> str:
    from baton.chain import queries

    return str(queries.party(viewer=actor, at=_now(), public_id=public_id))


def _person_of_party(public_id: str) -> str:
    from baton.chain import queries
    from baton.core.actors import Actor

    person = queries.party(viewer=Actor.system("keys"), at=_now(), public_id=public_id).person
    return person.public_id if person is not None else ""


def _accounts_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    from baton.chain.queries.accounts import sees_accounts

    return sees_accounts(viewer=actor, at=_now(), public_ids=list(public_ids))


def _name_of_account(actor: Actor, public_id: str) -> str:
    from baton.chain.queries.accounts import account

    return str(account(viewer=actor, at=_now(), public_id=public_id))


def _contacts_in_sight(actor: Actor, public_ids: Collection[str]) -> set[str]:
    from baton.chain.queries.accounts import sees_contacts

    return sees_contacts(viewer=actor, at=_now(), public_ids=list(public_ids))


def _name_of_contact(actor: Actor, public_id: str) -> str:
    from baton.chain.queries.accounts import contact

    return str(contact(viewer=actor, at=_now(), public_id=public_id))


def _sees_link(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_link(viewer=actor, at=_now(), public_id=public_id)


def _sees_output(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_output(viewer=actor, at=_now(), public_id=public_id)


def _sees_need(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_need(viewer=actor, at=_now(), public_id=public_id)


def _sees_project(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_project(viewer=actor, at=_now(), public_id=public_id)


def _measured_before(actor: Actor, public_id: str) -> list[Earlier]:
    from baton.chain.queries.successions import pairs_before

    return pairs_before(viewer=actor, public_id=public_id)


def _measured_as(public_id: str) -> str:
    from baton.chain import queries

    return queries.pair_of(public_id=public_id)


def _now() -> datetime:
    """The registries of the core ask about the present and pass no time."""
    return timezone.now()  # noqa: TID251
