"""The page on which somebody outside does the task that he was asked for. It knows no session and no sign-in."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from baton.core import changes, registries
from baton.core.error_pages import error_page
from baton.core.errors import Refused, explain
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.core.models import TaskLink
from baton.core.queries import task_link_behind
from baton.core.signatures import digests_now, short
from baton.core.signing_rules import LinkFate
from baton.core.task_link_forms import AcceptForm, CodeForm, ObjectForm

GONE = 410


@sensitive_post_parameters("code", "name", "words")
@never_cache
@public
def task(request: BatonRequest, token: str) -> HttpResponse:
    """Read one version, then accept it or say what speaks against it. Public: whoever is asked has no sign-in; the
    address and the code show that it is he. A guessed address is like any page that is not there."""
    if not ratelimit.consume(request, action="task_link"):
        return error_page(request, 429)
    link = task_link_behind(changes.token_digest(token))
    if link is None or link.task not in registries.outside_tasks:
        raise Http404
    if link.fate(request.now) is not LinkFate.OPEN:
        return _over(request, link)
    if request.method != "POST":
        return _ask_for_code(request, link, CodeForm())
    form = CodeForm(request.POST)
    code = str(form.data.get("code", ""))
    if not form.is_valid() or not _is_right(request, link, code):
        return _refused_code(request, link, form)
    task = registries.outside_tasks.get(link.task)
    if task.signs and digests_now(task.kind, [link.object_id]).get(link.object_id) != link.digest:
        return _page(request, link, "changed", status=409)
    return _read(request, link, code)


def _is_right(request: BatonRequest, link: TaskLink, code: str) -> bool:
    return changes.try_code(at=request.now, link=link, code=code, request=request.request_id)


def _refused_code(request: BatonRequest, link: TaskLink, form: CodeForm) -> HttpResponse:
    link.refresh_from_db()
    if link.fate(request.now) is not LinkFate.OPEN:
        return _over(request, link)
    if form.is_valid():
        form.add_error("code", gettext("This is not the code of this link. Check it and type it again."))
    return _ask_for_code(request, link, form, status=422)


def _read(request: BatonRequest, link: TaskLink, code: str) -> HttpResponse:
    """The version, and what he does with it."""
    step = request.POST.get("step", "")
    accept = AcceptForm(
        request.POST if step == "accept" else None, initial={"code": code, "digest": link.digest, "name": link.name}
    )
    task = registries.outside_tasks.get(link.task)
    objects = ObjectForm(
        request.POST if step == "object" else None, initial={"code": code}, auto_id="object_%s",
        parts=task.parts(link.object_id),
    )  # fmt: skip
    done: TaskLink | None = None
    if step == "accept" and accept.is_valid():
        given = {name: accept.cleaned_data[name] for name in ("code", "digest", "name")}
        done = _tried(accept, lambda: changes.accept_through(
            at=request.now, link=link, request=request.request_id, **given))  # fmt: skip
    elif step == "object" and objects.is_valid():
        given = {name: objects.cleaned_data.get(name, "") for name in ("code", "words", "about")}
        done = _tried(objects, lambda: changes.object_through(
            at=request.now, link=link, request=request.request_id, **given))  # fmt: skip
    if done is not None:
        return _page(request, done, "done")
    values = {
        "accept": accept, "objects": objects, "template": task.template,
        **task.shown(link.object_id, link.side),
    }  # fmt: skip
    return _page(request, link, "read", status=422 if accept.errors or objects.errors else 200, **values)


def _tried(form: Form, write: Any) -> TaskLink | None:
    try:
        done: TaskLink = write()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
        return None
    return done


def _ask_for_code(request: BatonRequest, link: TaskLink, form: CodeForm, status: int = 200) -> HttpResponse:
    return _page(request, link, "code", status=status, form=form)


def _over(request: BatonRequest, link: TaskLink) -> HttpResponse:
    return _page(request, link, "over", status=GONE, fate=link.fate(request.now).value)


def _page(request: BatonRequest, link: TaskLink, part: str, *, status: int = 200, **values: Any) -> HttpResponse:
    shown = {"link": link, "part": part, "task": registries.outside_tasks.get(link.task), "mark": short(link.digest)}
    return render(request, "core/task.html", {**shown, **values}, status=status)
