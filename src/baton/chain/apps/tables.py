"""What goes in and out many rows at a time: exports, lists, imports, bulk entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import (
    bulk_accounts,
    bulk_links,
    bulk_memberships,
    bulk_needs,
    bulk_outputs,
    bulk_parties,
    bulk_projects,
    bulk_responsibilities,
    making_links,
)
from baton.chain.imports import TARGETS
from baton.chain.pages import exports as tables
from baton.chain.pages import tables as more
from baton.chain.pages.lists import LISTS
from baton.core.import_targets import import_targets
from baton.core.lists.registry import lists
from baton.core.policy import may_use
from baton.core.registries import BulkTarget, Export, Import, bulk_targets, exports, imports


def register() -> None:
    """Enter tables and lists."""
    _exports()
    _lists()
    _imports()
    _bulk_entries()
    _bulk_work()
    _bulk_accounts()


def _exports() -> None:
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


def _lists() -> None:
    for name, entry in LISTS.items():
        lists.add(name, entry)


def _imports() -> None:
    text = _("XES, CSV or Parquet with case, time, activity and party: shows who hands work to whom and draws charts.")
    for name, target in TARGETS.items():
        import_targets.add(name, target)
    imports.add("chain.event_logs", Import(_("Event log"), text, "chain:event_logs", policy.may_bring_event_logs))


def _bulk_entries() -> None:
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


def _bulk_work() -> None:
    bulk_targets.add(
        bulk_needs.NEEDS_TARGET,
        BulkTarget(
            title=_("Outside needs"), model="chain.OutsideNeed", may_enter=policy.may_add_links_in_bulk,
            rows=bulk_needs.needs_of, admit=bulk_needs.admit_needs, conflict=bulk_needs.conflict_of_needs,
            released=bulk_needs.RELEASED,
        ),
    )  # fmt: skip
    bulk_targets.add(
        bulk_projects.PROJECTS_TARGET,
        BulkTarget(
            title=_("Projects"), model="chain.Project", may_enter=policy.may_add_links_in_bulk,
            rows=bulk_projects.projects_of, admit=bulk_projects.admit_projects,
            conflict=bulk_projects.conflict_of_projects, released=bulk_projects.RELEASED,
        ),
    )  # fmt: skip
    bulk_targets.add(
        bulk_responsibilities.RESPONSIBILITIES_TARGET,
        BulkTarget(
            title=_("Responsibilities for outputs"), model="chain.Responsibility",
            may_enter=policy.may_add_links_in_bulk, rows=bulk_responsibilities.responsibilities_of,
            admit=bulk_responsibilities.admit_responsibilities,
            conflict=bulk_responsibilities.conflict_of_responsibilities, released=bulk_responsibilities.RELEASED,
        ),
    )  # fmt: skip


def _bulk_accounts() -> None:
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
