"""Who may see and do what in the core. Default deny: what no function here allows is refused.

What                                     administrator   HR    auditor   quality manager   a head (own people)   himself
list and pages of people                 yes             yes   masked    no                no                    own
sign-in names that are staff numbers     yes             yes   masked    no                no                    own
contacts (e-mail, phone)                 asking          asking  masked  no               no                    own
change name, language                    yes             yes   no        no                no                    own
change contacts and sign-in name         yes             plain members  no  no             no                    own
add people                               yes             yes   no        no                no                    no
keys in other systems (staff number)     yes             yes   no        no                no                    no
give and end roles                       yes             no    no        no                no                    no
switch an account off and on             yes             no    no        no                no                    no
hand over a reset code                   yes             no    no        no                yes, see below        no
remove a lost second factor              yes             no    no        no                no                    own
PIN and badge: set                       own             own   own       own               own                   own
PIN and badge: take away                 yes             own   own       own               yes, as reset codes   own
forget a person                          yes             no    no        no                no                    no
tokens of the API: see, withdraw         yes             own   own       own               own                   own
tokens of the API: make                  own             own   own       own               own                   own
words of the interface: rename           yes             no    no        no                no                    no
tokens of machines: make                 own             no    no        own               no                    no
e-mail: to whom it was sent              yes             no    no        no                no                    no
webhooks                                 yes             no    no        no                no                    no
views of lists: keep, for oneself        yes             yes   yes       yes               yes                   yes
views of lists: share with everybody     yes             no    no        yes               no                    no
views of lists: change and delete        shared, own     own   own       shared, own       own                   own
calendars of business hours: see         yes             yes   yes       yes               yes                   yes
calendars of business hours: edit        yes             no    no        yes               own                   no
audit trail                              yes             no    yes       yes               no                    no
bulk entries, imports                    as the room of the rows says; the auditor sees them

HR edits no administrator, auditor, director, quality manager or other HR. Nobody but himself or an administrator
changes the contacts and the sign-in name of somebody who holds a role, guests included, or who heads a party or stands
in for its head: whoever gets the mail of such a person can set his password and become him. A head hands reset codes
neither to holders of roles nor to those whom he, or one of his people, took in (baton.chain.policy.may_help says why).

Masked: a phone as 138****1234, an e-mail as l***@example.org. Asking: whoever may edit somebody asks for the contacts
and sees them in one answer, and the trail says so.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from baton.core import registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden, NotFound
from baton.core.import_targets import import_targets
from baton.core.once import once
from baton.core.rules import POWERFUL, Role

if TYPE_CHECKING:
    from baton.core.models import Batch, ImportRun, ListAction, Person, SavedView, WatchedFolder, WorkCalendar
    from baton.core.registries import Keys


def demand(allowed: bool) -> None:
    """Raise :class:`Forbidden` unless ``allowed``."""
    if not allowed:
        raise Forbidden


def may_use(actor: Actor) -> bool:
    """Use the organisation's pages: whoever is signed in, except guests, who see only what is shared with them."""
    return actor.is_system or (actor.person is not None and Role.GUEST not in actor.roles)


def is_signed_in(actor: Actor) -> bool:
    """Anybody with a sign-in, guests included: his own profile, language and messages."""
    return actor.is_system or actor.person is not None


def may_manage_people(actor: Actor) -> bool:
    """Give roles, switch accounts off, forget people."""
    return actor.has(Role.ADMINISTRATOR)


def may_rename_words(actor: Actor) -> bool:
    """Call words of the interface as the organisation does."""
    return actor.has(Role.ADMINISTRATOR)


def may_add_people(actor: Actor) -> bool:
    """Let somebody new sign in, without any role."""
    return actor.has(Role.ADMINISTRATOR, Role.HR)


def may_give_keys_to_people(actor: Actor) -> bool:
    """See, give and withdraw the keys under which other systems know people, such as the staff number of the HR
    system."""
    return actor.has(Role.ADMINISTRATOR, Role.HR)


def may_list_people(actor: Actor) -> bool:
    """See the list of people and their pages."""
    return actor.has(Role.ADMINISTRATOR, Role.HR, Role.AUDITOR)


def may_make_tokens(actor: Actor) -> bool:
    """Make tokens with which programs call the API in one's own name."""
    return actor.person is not None and may_use(actor)


def may_make_machine_tokens(actor: Actor) -> bool:
    """Make long-lived tokens for other systems."""
    return may_make_tokens(actor) and actor.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER)


def may_list_tokens(actor: Actor) -> bool:
    """See everybody's tokens; nobody ever sees their secrets."""
    return actor.has(Role.ADMINISTRATOR)


def may_withdraw_token(actor: Actor, owner: Person) -> bool:
    """End a token: its owner, and administrators."""
    return actor.has(Role.ADMINISTRATOR) or is_self(actor, owner)


def may_keep_views(actor: Actor) -> bool:
    """Keep views of lists for oneself, and find shared ones; guests do neither."""
    return actor.person is not None and may_use(actor)


def may_share_views(actor: Actor) -> bool:
    """Let everybody who may open a list find a view of it there; everybody sees in it only the rows that he may."""
    return may_keep_views(actor) and actor.has(Role.QUALITY_MANAGER, Role.ADMINISTRATOR)


def may_see_view(actor: Actor, view: SavedView) -> bool:
    """Open a view of a list that the actor may open: his own, or a shared one."""
    return may_keep_views(actor) and (view.shared or is_self(actor, view.owner))


def may_change_view(actor: Actor, view: SavedView) -> bool:
    """Rename, share and delete it: its owner; a shared one also whoever shares views."""
    return may_see_view(actor, view) and (is_self(actor, view.owner) or may_share_views(actor))


def may_see_action(actor: Actor, action: ListAction) -> bool:
    """See and stop what is done to rows of a list: who does it. What it did to each row stands in the trail."""
    return actor.is_system or is_self(actor, action.person)


def may_edit_calendars(actor: Actor) -> bool:
    """Say when business is open: hours, holidays, make-up days, and which calendar is the default one."""
    return actor.has(Role.QUALITY_MANAGER, Role.ADMINISTRATOR)


def may_make_calendars(actor: Actor) -> bool:
    """Make a calendar: who may edit all of them, and who leads a party, to keep it himself."""
    return may_edit_calendars(actor) or _leads(actor)


def may_keep_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    """Change and end this calendar: who may edit all of them, and who made it, for as long as he leads a party. Which
    one is the default is for the former alone."""
    made = calendar.kept_by is not None and is_self(actor, calendar.kept_by)
    return may_edit_calendars(actor) or (made and _leads(actor))


def _leads(actor: Actor) -> bool:
    person = actor.person
    return person is not None and any(leads_a_party(actor, person) for _name, leads_a_party in registries.leaders)


def may_manage_webhooks(actor: Actor) -> bool:
    """Tell other systems what happens: see, make, pause and end subscriptions. A person, because only what the owner
    may see is sent."""
    return actor.person is not None and actor.has(Role.ADMINISTRATOR)


def may_see_mails(actor: Actor) -> bool:
    """See to whom e-mail was sent and what the mail server said; not what stood in it."""
    return actor.has(Role.ADMINISTRATOR)


def may_see_object(actor: Actor, kind: str, public_id: str) -> bool:
    """Whether the room of ``kind`` shows the actor this record; nobody sees what has no policy."""
    if kind not in registries.policies:
        return False
    may_see = registries.policies.get(kind).may_see
    # Several parts of one page ask the same.
    return once(("core.may_see_object", actor, kind, public_id), lambda: may_see(actor, public_id))


def may_see_contacts(actor: Actor, person: Person) -> bool:
    """See e-mail and phone unmasked without asking for them: one's own."""
    return is_self(actor, person)


def may_see_sign_in_names(actor: Actor) -> bool:
    """See, and search for, the names under which people sign in, where these are no e-mail and no phone."""
    return actor.has(Role.ADMINISTRATOR, Role.HR)


def may_show_contacts(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Have the e-mail and phone of ``person`` shown, who holds the roles ``held``; each time is noted in the trail."""
    return may_edit_person(actor, person, held)


def may_edit_person(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Change name, contacts and language of ``person``, who holds the roles ``held``."""
    if actor.has(Role.ADMINISTRATOR) or is_self(actor, person):
        return True
    return actor.has(Role.HR) and not held & POWERFUL


def may_change_contacts(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Change e-mail, phone and sign-in name of ``person``, who holds the roles ``held``."""
    if actor.has(Role.ADMINISTRATOR) or is_self(actor, person):
        return True
    leads = any(leads_a_party(actor, person) for _name, leads_a_party in registries.leaders)
    return may_edit_person(actor, person, held) and not held and not leads


def may_issue_reset_code(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Hand over a one-time code with which ``person``, who holds the roles ``held``, sets a new password."""
    if actor.has(Role.ADMINISTRATOR):
        return True
    is_head = any(is_superior(actor, person) for _name, is_superior in registries.superiors)
    return is_head and not held and not is_self(actor, person)


def may_remove_proofs(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Take PIN and badge away from ``person``, who holds the roles ``held``; setting them is his own affair."""
    return is_self(actor, person) or may_issue_reset_code(actor, person, held)


def is_self(actor: Actor, person: Person) -> bool:
    """Whether the actor is this person."""
    return actor.person is not None and actor.person.pk == person.pk


def may_forget_person(actor: Actor, person: Person) -> bool:
    """Destroy the personal data of ``person`` for good; nobody forgets himself."""
    return actor.has(Role.ADMINISTRATOR) and not is_self(actor, person)


def may_open_personal_values(actor: Actor) -> bool:
    """Read the personal values of the audit trail; each time is noted in it."""
    return actor.has(Role.AUDITOR, Role.ADMINISTRATOR)


def may_read_audit_trail(actor: Actor) -> bool:
    return actor.has(Role.AUDITOR, Role.QUALITY_MANAGER, Role.ADMINISTRATOR)


def rules_of_keys(kind: str) -> Keys:
    """What the room of a kind says about keys in other systems; NotFound for kinds that have none."""
    rules = registries.policies.get(kind).keys if kind in registries.policies else None
    if rules is None:
        raise NotFound
    return rules


def may_see_batches(actor: Actor) -> bool:
    """See the list of bulk entries: those who enter something in bulk, and the auditor."""
    return actor.has(Role.AUDITOR) or any(target.may_enter(actor) for _name, target in registries.bulk_targets)


def may_see_batch(actor: Actor, target: str) -> bool:
    """See the bulk entries of ``target`` that anybody made."""
    return actor.has(Role.AUDITOR) or handles_all_batches(actor, target)


def may_enter_batch(actor: Actor, target: str) -> bool:
    """Enter rows of ``target`` in bulk."""
    return target in registries.bulk_targets and registries.bulk_targets.get(target).may_enter(actor)


def handles_all_batches(actor: Actor, target: str) -> bool:
    """See, go on with, give up and withdraw the bulk entries of ``target`` that others made, too."""
    if target not in registries.bulk_targets:
        return False
    found = registries.bulk_targets.get(target)
    return (found.handles_all or found.may_enter)(actor)


def may_handle_batch(actor: Actor, batch: Batch) -> bool:
    """Go on with this bulk entry, give it up or withdraw it."""
    return may_enter_batch(actor, batch.target) and (
        _is_own(actor, batch.person) or handles_all_batches(actor, batch.target)
    )


def may_see_this_batch(actor: Actor, batch: Batch) -> bool:
    """See this bulk entry."""
    return may_see_batch(actor, batch.target) or may_handle_batch(actor, batch)


def _is_own(actor: Actor, person: Person | None) -> bool:
    return person is not None and is_self(actor, person)


def may_bring(actor: Actor, target: str) -> bool:
    """Import tables of ``target``: see, check, enter and withdraw what one brought oneself."""
    return target in import_targets and import_targets.get(target).may_bring(actor)


def handles_all_imports(actor: Actor, target: str) -> bool:
    """See, enter and withdraw tables of ``target`` that others brought, too."""
    if target not in import_targets:
        return False
    found = import_targets.get(target)
    return (found.handles_all or found.may_bring)(actor)


def may_handle_import(actor: Actor, run: ImportRun) -> bool:
    """Check, enter and withdraw this import."""
    return may_bring(actor, run.target) and (_is_own(actor, run.person) or handles_all_imports(actor, run.target))


def may_handle_folder(actor: Actor, folder: WatchedFolder) -> bool:
    """See a watched folder, and switch it."""
    return may_bring(actor, folder.target) and (
        _is_own(actor, folder.person) or handles_all_imports(actor, folder.target)
    )


def may_see_imports(actor: Actor) -> bool:
    """See the list of imports: those who may bring something, and the auditor."""
    return actor.has(Role.AUDITOR) or any(target.may_bring(actor) for _name, target in import_targets)


def may_bring_some(actor: Actor) -> bool:
    """Import tables of any kind."""
    return any(target.may_bring(actor) for _name, target in import_targets)


def may_bring_keys(actor: Actor) -> bool:
    """Import tables of any kind whose records get keys of other systems."""
    return any(target.kind and target.may_bring(actor) for _name, target in import_targets)


def may_see_all_imports(actor: Actor, target: str) -> bool:
    """See the imports of ``target`` that anybody brought."""
    return actor.has(Role.AUDITOR) or handles_all_imports(actor, target)


def may_see_import(actor: Actor, run: ImportRun) -> bool:
    """See this import."""
    return actor.has(Role.AUDITOR) or may_handle_import(actor, run)
