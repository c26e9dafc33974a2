"""What is read of the chain elsewhere: by programs, in the search, in group chats, in the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain.pages.history import ACTIONS, EVENT_LOG_ACTIONS
from baton.chain.queries import group_chats, searching
from baton.chain.queries.discussing import GAP
from baton.core.audit import words
from baton.core.present import now
from baton.core.registries import (
    Audience,
    Searchable,
    announcements,
    api_routers,
    api_scopes,
    audiences,
    search_sights,
    searchables,
)


def register() -> None:
    """Enter what others read."""
    _api()
    _search()
    _group_chats()
    _name_actions()


def _api() -> None:
    api_scopes.add(
        "chain:read", _("Read parties, memberships, links, outputs, outside needs, projects, gaps and event logs")
    )
    api_scopes.add(
        "chain:write",
        _("Change parties, memberships, links, outputs, outside needs and projects, answer gaps, bring event logs"),
    )
    api_scopes.add("accounts:read", _("Read accounts and contacts of outside parties; phones and addresses masked"))
    api_scopes.add("accounts:write", _("Change accounts and contacts; see the phone and e-mail of a contact unmasked"))
    for prefix, router in (
        ("parties", "parties.router"),
        ("party-keys", "keys.router"),
        ("reading", "reading.router"),
        ("account-keys", "keys.accounts_router"),
        ("successions", "successions.successions_router"),
        ("memberships", "memberships.router"),
        ("links", "links.router"),
        ("bulk-links", "bulk_links.router"),
        ("no-dealings", "no_dealings.router"),
        ("outputs", "outputs.router"),
        ("responsibilities", "outputs.responsibilities_router"),
        ("needs", "needs.router"),
        ("projects", "projects.router"),
        ("gaps", "gaps.router"),
        ("proposals", "proposals.router"),
        ("paths", "proposals.paths_router"),
        ("map", "maps.map_router"),
        ("event-logs", "discovery.router"),
        ("accounts", "accounts.router"),
        ("contacts", "contacts.router"),
    ):
        api_routers.add(prefix, f"baton.chain.api.{router}")


def _search() -> None:
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


def _group_chats() -> None:
    announcements.add("party", group_chats.party_announced)
    announcements.add("link", group_chats.link_announced)
    announcements.add("output", group_chats.output_announced)
    announcements.add("project", group_chats.project_announced)
    announcements.add("outside_need", group_chats.need_announced)
    announcements.add(GAP, lambda one: group_chats.gap_announced(one, now()))
    announcements.add("gap_answer", lambda one: group_chats.gap_answer_announced(one, now()))
    audiences.add(
        "party",
        Audience(
            choices=lambda actor, at: group_chats.party_choices(viewer=actor, at=at), people=group_chats.people_in,
            leaders=group_chats.leaders_of, named=group_chats.party_named, concerned=True,
        ),
    )  # fmt: skip


def _name_actions() -> None:
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()} | EVENT_LOG_ACTIONS, {GAP: _("gap")})
