"""A version on paper: printed to be signed, recognised by its QR code, registered with its scan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from baton.agreements import changes, policy, queries
from baton.agreements.changes.signing import party_of, side_named
from baton.agreements.forms.paper import PaperForm
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.pages.paper import marks_in, printed_context
from baton.agreements.pages.texts import page_of_text
from baton.agreements.rules import Side
from baton.chain.views.answering import standing
from baton.core import queries as core_queries
from baton.core import uploads
from baton.core.attachments.keeping import kept_files
from baton.core.errors import Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.scanning.asking import codes_on
from baton.core.signatures import short


@require_GET
@guarded()
def printed(request: BatonRequest, public_id: str) -> HttpResponse:
    """The page that is printed and signed or chopped."""
    shown = core_queries.to_sign(viewer=request.actor, kind=AgreementVersion.kind, public_id=public_id)
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    signed = queries.signatures_under(viewer=request.actor, versions=[found])[found.pk]
    values = {**printed_context(found, signed, shown.digest, request.now), "back": page_of_text(found)}
    return render(request, "agreements/print.html", values)


@require_GET
@guarded()
def marked(request: BatonRequest, public_id: str, digest: str) -> HttpResponse:
    """Where the QR code leads: whether the text on the paper is the one that stands."""
    shown = core_queries.to_sign(viewer=request.actor, kind=AgreementVersion.kind, public_id=public_id)
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    say_whether_it_stands(request, shown.digest, digest)
    return redirect(page_of_text(found))


def say_whether_it_stands(request: BatonRequest, stands: str, printed: str) -> None:
    """Leave a message for the next page: whether the digest that is printed is that of the text that stands."""
    if stands == printed:
        messages.success(
            request, _("The paper shows this version exactly as it stands: {mark}.").format(mark=short(printed))
        )
    else:
        messages.warning(request, _("The paper was printed before this version was changed; its text holds no more."))


@never_cache
@guarded()
def register(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Register the scan of a signed paper copy as the acceptance of a side."""
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    place = side_named(side)
    demand(policy.may_write(standing(request), found.agreement.link))
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _registered(request, form, found, place) is not None:
        messages.success(request, _("The paper copy is registered."))
        return redirect(page_of_text(found))
    values = {"form": form, "version": found, "party": party_of(found, place), "back": page_of_text(found)}
    return render(request, "agreements/register_paper.html", values, status=form.status)


def _registered(request: BatonRequest, form: PaperForm, version: AgreementVersion, side: Side) -> Acceptance | None:
    """The acceptance; None where the form says what is to be mended. The file is read before the change, so that nobody
    waits for it."""
    name = form.cleaned_data["name"]
    try:
        with kept_files([form.cleaned_data.pop("scan")]) as (scan,):
            marks = marks_in(codes_on(uploads.location(scan.path)))
            return form.carry_out(
                by=request.actor, at=request.now,
                write=lambda: changes.accept_on_paper(
                    by=request.actor, at=request.now, version=version, side=side, marks=marks, name=name, scan=scan
                ),
            )  # fmt: skip
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        form.add_error("scan", explain(refused))
        form.status = 422
        return None
