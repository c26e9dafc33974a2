"""Pages about people: list, add, edit, roles, accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy, queries, registries
from baton.core.actors import Actor
from baton.core.answering import carried_out
from baton.core.choosing_people import colleagues_like
from baton.core.errors import Refused, explain
from baton.core.guards import guarded
from baton.core.identity_queries import identities, identity
from baton.core.lists.bar import opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.models import Identity, Person
from baton.core.people_forms import (
    ROLE_NAMES,
    EditPersonForm,
    ForgetForm,
    IdentityForm,
    PeopleFilterForm,
    PersonForm,
    RoleForm,
)
from baton.core.rules import Role, is_contact, masked_email, masked_phone, masked_sign_in_name
from baton.core.texts import clean_text, say

PAGE_SIZE = 50
STATES = {"active": True, "off": False}


@guarded(policy.may_list_people)
@opens_default_view("core.people")
def people(request: BatonRequest) -> HttpResponse:
    """The list; contacts are masked for everybody."""
    search, role, state = (clean_text(request.GET.get(name, ""))[:100] for name in ("q", "role", "state"))
    found = queries.people(
        viewer=request.actor, at=request.now, search=search, active=STATES.get(state),
        role=Role(role) if role in set(Role) else None,
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    held = queries.roles_by_person(viewer=request.actor, at=request.now, people=list(page.object_list))
    rows = [_row(request, person, held.get(person.pk, [])) for person in page.object_list]
    values = {
        "page_obj": page, "rows": rows, "filter": PeopleFilterForm(request.GET),
        "may_add": policy.may_add_people(request.actor), "may_list_tokens": policy.may_list_tokens(request.actor),
        "filtered": bool(search or role or state),
    }  # fmt: skip
    return render(request, "core/people.html", values)


def _contacts(person: Person) -> dict[str, str]:
    return {"sign_in_name": person.sign_in_name, "email": person.email or "", "phone": person.phone or ""}


def _has_contacts(person: Person) -> bool:
    return bool(person.email or person.phone) or is_contact(person.sign_in_name)


def _row(request: BatonRequest, person: Person, held: list[Role]) -> dict[str, Any]:
    if policy.may_see_contacts(request.actor, person):
        return {"person": person, "roles": [ROLE_NAMES[role] for role in held], **_contacts(person)}
    mask = masked_sign_in_name if policy.may_see_sign_in_names(request.actor) else masked_phone
    return {
        "person": person,
        "roles": [ROLE_NAMES[role] for role in held],
        "sign_in_name": masked_email(person.sign_in_name) if "@" in person.sign_in_name else mask(person.sign_in_name),
        "email": masked_email(person.email or ""),
        "phone": masked_phone(person.phone or ""),
    }


@require_safe
@guarded()
def suggest_people(request: BatonRequest) -> HttpResponse:
    """Fragment: whom what is typed into the field ``?field=`` may mean; names only, as wherever one is chosen."""
    typed = request.GET.get(request.GET.get("field", ""), "")
    found = colleagues_like(viewer=request.actor, text=typed) if clean_text(typed) else []
    return render(request, "core/_people_suggested.html", {"people": found})


@guarded(policy.may_add_people)
def add_person(request: BatonRequest) -> HttpResponse:
    """Add somebody. He gets in with a one-time code."""
    form = PersonForm(request.POST or None)
    added = carried_out(
        request, form, lambda: changes.add_person(by=request.actor, at=request.now, **form.given()),
        said=lambda person: _("{name} was added.").format(name=person),
    )  # fmt: skip
    if added is not None:
        return redirect("core:person", added.public_id)
    return render(request, "core/person_form.html", {"form": form, "person": None}, status=form.status)


@guarded(policy.may_list_people)
def person(request: BatonRequest, public_id: str) -> HttpResponse:
    """One person: contacts, roles, account."""
    return _person_page(request, queries.person(viewer=request.actor, public_id=public_id))


@never_cache
@require_POST
@guarded(policy.may_list_people)
def show_contacts(request: BatonRequest, public_id: str) -> HttpResponse:
    """The page of a person with his contacts, in this answer only; the trail says who looked."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    contacts = changes.show_contacts(by=request.actor, at=request.now, person=shown)
    return _person_page(request, shown, contacts=contacts)


def _person_page(
    request: BatonRequest,
    shown: Person,
    *,
    contacts: dict[str, str] | None = None,
    role_form: RoleForm | None = None,
    identity_form: IdentityForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    held = queries.roles_of(shown, request.now)
    history = queries.role_history(viewer=actor, person=shown)
    keys = queries.external_keys(viewer=actor, kind=Person.kind, object_ids=[shown.public_id])
    values = _row(request, shown, sorted(held)) | {
        "contacts_shown": contacts is not None,
        "may_forget": policy.may_forget_person(actor, shown) and not queries.is_forgotten(viewer=actor, person=shown),
        "may_show": _has_contacts(shown) and policy.may_show_contacts(actor, shown, held),
        "keys": keys.get(shown.public_id, []),
        "may_give_keys": policy.may_give_keys_to_people(actor),
        "history": [(ROLE_NAMES[Role(role.role)], role) for role in history],
        "role_form": role_form or RoleForm(),
        "identities": _identities(actor, shown),
        "identity_form": (identity_form or IdentityForm()) if settings.IDENTITY_PROVIDERS else None,
        "may_manage": policy.may_manage_people(actor),
        "may_edit": policy.may_edit_person(actor, shown, held),
        "may_issue": policy.may_issue_reset_code(actor, shown, held),
        "has_factor": queries.has_second_factor(viewer=actor, person=shown),
    }
    return render(request, "core/person.html", values | (contacts or {}), status=status)


def _identities(actor: Actor, person: Person) -> list[tuple[str, Identity]]:
    """Accounts at providers with what people call the provider; one that is not set up any more by its address."""
    names = {one.issuer: say(one.names) for one in settings.IDENTITY_PROVIDERS}
    return [(names.get(held.issuer, held.issuer), held) for held in identities(viewer=actor, person=person)]


@guarded(policy.may_list_people)
def edit_person(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change name, contacts, language and zone of somebody. What contacts he has is not shown."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    held = queries.roles_of(shown, request.now)
    policy.demand(policy.may_edit_person(request.actor, shown, held))
    contacts = policy.may_change_contacts(request.actor, shown, held)
    form = EditPersonForm(request.POST or None, record=shown, may_change_contacts=contacts)
    saved = carried_out(
        request, form, lambda: changes.edit_person(by=request.actor, at=request.now, person=shown, **form.given())
    )
    if saved is not None:
        return redirect("core:person", shown.public_id)
    values = {"form": form, "person": shown, "contacts_locked": not contacts}
    return render(request, "core/person_form.html", values, status=form.status)


@require_POST
@guarded(policy.may_manage_people)
def give_role(request: BatonRequest, public_id: str) -> HttpResponse:
    """Give an organisation-wide role."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    form = RoleForm(request.POST)
    given = carried_out(request, form, lambda: changes.give_role(
        by=request.actor, at=request.now, person=shown, role=Role(form.cleaned_data["role"])),
        said=_("The role was given."))  # fmt: skip
    if given is not None:
        return redirect("core:person", shown.public_id)
    return _person_page(request, shown, role_form=form, status=form.status)


@require_POST
@guarded(policy.may_manage_people)
def end_role(request: BatonRequest, public_id: str) -> HttpResponse:
    """End an organisation-wide role today."""
    role = queries.organisation_role(viewer=request.actor, public_id=public_id)
    _try(request, lambda: changes.end_role(by=request.actor, at=request.now, role=role), _("The role was ended."))
    return redirect("core:person", role.person.public_id)


@require_POST
@guarded(policy.may_manage_people)
def link_identity(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say with which account of a provider a person signs in."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    form = IdentityForm(request.POST)
    linked = carried_out(request, form, lambda: changes.link_identity(
        by=request.actor, at=request.now, person=shown, issuer=form.cleaned_data["provider"],
        subject=form.cleaned_data["subject"]), said=_("The account was linked."))  # fmt: skip
    if linked is not None:
        return redirect("core:person", shown.public_id)
    return _person_page(request, shown, identity_form=form, status=form.status)


@require_POST
@guarded(policy.may_manage_people)
def unlink_identity(request: BatonRequest, public_id: str) -> HttpResponse:
    """The account at the provider signs the person in no more; his open sign-ins end."""
    held = identity(viewer=request.actor, public_id=public_id)
    changes.unlink_identity(by=request.actor, at=request.now, identity=held)
    messages.success(request, _("The account was unlinked. The person's open sign-ins were ended."))
    return redirect("core:person", held.person.public_id)


@require_POST
@guarded(policy.may_manage_people)
def switch_account(request: BatonRequest, public_id: str) -> HttpResponse:
    """Refuse or allow every sign-in of a person."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    on = request.POST.get("on") == "yes"
    write, done = (
        (changes.enable_person, _("The account is switched on."))
        if on
        else (changes.disable_person, _("The account is switched off, its open sessions are ended."))
    )
    _try(request, lambda: write(by=request.actor, at=request.now, person=shown), done)
    return redirect("core:person", shown.public_id)


@never_cache
@guarded()
def issue_reset_code(request: BatonRequest, public_id: str) -> HttpResponse:
    """Make a one-time code and show it once, to be handed over in person: for administrators, and for heads."""
    shown = queries.person_to_help(viewer=request.actor, at=request.now, public_id=public_id)
    code = ""
    if request.method == "POST":
        code = changes.issue_reset_code(by=request.actor, at=request.now, person=shown)
    values = {"person": shown, "code": code, "may_list": policy.may_list_people(request.actor)}
    return render(request, "core/reset_code.html", values)


@guarded(policy.may_manage_people)
def forget_person(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what forgetting destroys and what stays, ask for reason and name, and do it."""
    by, at = request.actor, request.now
    shown = queries.person(viewer=by, public_id=public_id)
    policy.demand(policy.may_forget_person(by, shown))
    form = ForgetForm(request.POST or None, person=shown)
    forgotten = carried_out(
        request, form,
        lambda: changes.forget_person(by=by, at=at, person=shown, reason=form.cleaned_data["reason"]),
        said=_("Forgotten. Backups made before still hold the data until they are deleted."),
    )  # fmt: skip
    if forgotten is not None:
        return redirect("core:person", public_id)
    rooms = [note for _room, note in registries.forgetting_notes]
    values = {
        "form": form, "person": shown, "destroyed": [room.destroys for room in rooms if room.destroys],
        "left": [room.leaves for room in rooms if room.leaves],
        "signed": queries.signed_name(viewer=by, person=shown),
    }  # fmt: skip
    return render(request, "core/forget_person.html", values, status=form.status)


@require_POST
@guarded(policy.may_manage_people)
def remove_second_factor(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a lost second factor away."""
    shown = queries.person(viewer=request.actor, public_id=public_id)
    changes.remove_second_factor(by=request.actor, at=request.now, person=shown)
    messages.success(
        request, _("The second factor was removed. The password alone is enough until a new one is set up.")
    )
    return redirect("core:person", shown.public_id)


def _try(request: BatonRequest, write: Any, done: str) -> None:
    """Carry out what a button asks for and say how it went; Forbidden and NotFound become pages of their own."""
    try:
        write()
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        messages.error(request, explain(refused))
    else:
        messages.success(request, done)
