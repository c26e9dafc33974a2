"""The product's addresses and a page on which a department is signed, as rooms build theirs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from baton.config import urls
from baton.core import changes, queries
from baton.core.accounts.signing import SigningForm
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.signing_rules import Grade, Meaning


@sensitive_post_parameters()
@guarded()
def sign(request: BatonRequest, public_id: str) -> HttpResponse:
    shown = queries.to_sign(viewer=request.actor, kind="party", public_id=public_id)
    form = SigningForm(request.POST or None, request=request, shown=shown)
    if request.method == "POST" and form.is_valid():
        made = form.signed(
            lambda proof: changes.sign(
                by=request.actor, at=request.now, kind="party", public_id=public_id, expected_digest=form.digest,
                meaning=Meaning.APPROVAL, grade=Grade.REAUTHENTICATION, proof=proof,
            )
        )  # fmt: skip
        if made is not None:
            return redirect("/me/")
    standings = queries.signatures_of(viewer=request.actor, kind="party", public_id=public_id)
    values = {"form": form, "meaning": "Approval", "button": "Sign", "signatures": standings}
    return render(request, "signing_page.html", values, status=form.status)


urlpatterns = [path("sign/<slug:public_id>/", sign), *urls.urlpatterns]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler429 = urls.handler429
handler500 = urls.handler500
