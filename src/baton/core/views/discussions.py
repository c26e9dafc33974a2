"""Pages about what people say: the comments on a record, the comment itself, its files, who follows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baton.core import registries
from baton.core.answering import carried_out
from baton.core.attachments.keeping import kept_files
from baton.core.discussion_forms import CommentForm, EditCommentForm, WithdrawCommentForm
from baton.core.discussions import changes, policy, queries
from baton.core.discussions.mentions import as_typed, suggestions
from baton.core.discussions.rules import mentioned
from baton.core.errors import Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.models import Comment
from baton.core.policy import demand


@require_http_methods(["GET", "POST"])
@guarded()
def discussion(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """Everything that was said about a record, and the form in which more is said."""
    viewer, at = request.actor, request.now
    name = queries.subject_name(viewer=viewer, kind=kind, public_id=public_id)
    form = CommentForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        demand(policy.may_comment(viewer))
        said = _said(request, form, kind, public_id)
        if said is not None:
            return redirect(queries.place_of(viewer=viewer, comment=said))
    thread = queries.thread(viewer=viewer, at=at, kind=kind, public_id=public_id, page=request.GET.get("page", 1_000))
    address = registries.policies.get(kind).address(public_id)
    values = {"thread": thread, "form": form, "name": name, "address": address}
    return render(request, "core/discussion.html", values, status=form.status)


def _said(request: BatonRequest, form: CommentForm, kind: str, public_id: str) -> Comment | None:
    """The comment that the posted form makes; None where the form says what is to be mended."""
    if not form.is_valid():
        return None
    by, at = request.actor, request.now
    words, chosen = form.cleaned_data["words"], form.chosen_ids()
    try:
        with kept_files(form.cleaned_data["attached"]) as files:
            return form.carry_out(by=by, at=at, write=lambda: changes.add_comment(
                by=by, at=at, kind=kind, public_id=public_id, words=words, chosen=chosen, files=files))  # fmt: skip
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        form.add_error("attached", explain(refused))
        form.status = 422
        return None


@require_POST
@guarded()
def follow(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """Be told of new comments, or not any more."""
    follows = request.POST.get("follows") == "yes"
    changes.follow(by=request.actor, at=request.now, kind=kind, public_id=public_id, follows=follows)
    if request.headers.get("HX-Request") == "true":
        return render(request, "core/_follow.html", {"kind": kind, "public_id": public_id, "follows": follows})
    return redirect(f"{registries.policies.get(kind).address(public_id)}#discussion")


@require_GET
@guarded()
def mention_suggestions(request: BatonRequest, kind: str, public_id: str) -> HttpResponse:
    """The list under an @: those who see the record and whose name holds what was typed."""
    people = suggestions(
        viewer=request.actor, at=request.now, kind=kind, public_id=public_id, text=request.GET.get("q", "")
    )
    return render(request, "core/_mentions.html", {"people": people})


@require_GET
@guarded()
def comment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Leads to the place at which a comment is shown."""
    found = queries.comment(viewer=request.actor, public_id=public_id)
    return redirect(queries.place_of(viewer=request.actor, comment=found))


@require_http_methods(["GET", "POST"])
@guarded()
def edit_comment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change one's own words."""
    by, at = request.actor, request.now
    found = queries.comment(viewer=by, public_id=public_id)
    demand(policy.is_author(by, found))
    first = {"words": as_typed(found.words), "chosen": " ".join(mentioned(found.words))}
    form = EditCommentForm(request.POST or None, record=found, initial=first)
    saved = carried_out(request, form, lambda: changes.edit_comment(
        by=by, at=at, comment=found, words=form.cleaned_data["words"], chosen=form.chosen_ids(),
        expected_seq=form.version))  # fmt: skip
    if saved is not None:
        return redirect(queries.place_of(viewer=by, comment=saved))
    values = {"form": form, "comment": found, "may_edit": policy.may_edit(by, found, at)}
    return render(request, "core/edit_comment.html", values, status=form.status)


@require_http_methods(["GET", "POST"])
@guarded()
def withdraw_comment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what withdrawing takes out, and do it; single files may be removed here, too."""
    by, at = request.actor, request.now
    found = queries.comment(viewer=by, public_id=public_id)
    demand(policy.is_author(by, found) or policy.may_withdraw(by, found))
    form = WithdrawCommentForm(request.POST or None, own=policy.is_author(by, found))
    said = _("The comment was withdrawn. Its place stays.")
    saved = carried_out(request, form, lambda: changes.withdraw_comment(
        by=by, at=at, comment=found, reason=form.cleaned_data.get("reason", "")), said=said)  # fmt: skip
    if saved is not None:
        return redirect(queries.place_of(viewer=by, comment=saved))
    shown = queries.as_shown(viewer=by, at=at, comments=[found])[0]
    values = {"form": form, "shown": shown, "back": queries.place_of(viewer=by, comment=found)}
    return render(request, "core/withdraw_comment.html", values, status=form.status)


@require_POST
@guarded()
def remove_attachment(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Remove one file of a comment."""
    found = queries.attachment(viewer=request.actor, public_id=public_id)
    changes.remove_attachment(by=request.actor, at=request.now, attachment=found)
    messages.success(request, _("The file was removed."))
    return redirect(queries.place_of(viewer=request.actor, comment=found.comment))
