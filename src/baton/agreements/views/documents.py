"""What is taken along of a version: the PDF, and its clauses as a table."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from baton.agreements import queries
from baton.agreements.imports.clause_columns import COLUMNS
from baton.agreements.imports.clause_rows import clause_rows
from baton.agreements.models import OfferVersion
from baton.agreements.pages.documents import Copy, version_pdf
from baton.agreements.pages.offer_documents import offer_pdf
from baton.agreements.pages.texts import page_of_text
from baton.agreements.queries.offers import offer_version
from baton.agreements.views.paper import say_whether_it_stands
from baton.core import queries as core_queries
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@require_GET
@guarded()
def pdf(request: BatonRequest, public_id: str) -> HttpResponse:
    """A version as PDF: ``?language=`` names another language than the reader's, ``?copy=signing`` a copy to be signed
    on paper."""
    copy = Copy.SIGNING if request.GET.get("copy") == Copy.SIGNING else Copy.READING
    return version_pdf(
        viewer=request.actor, at=request.now, public_id=public_id, language=language_asked(request), copy=copy
    ).answer()


@require_GET
@guarded()
def offer(request: BatonRequest, public_id: str) -> HttpResponse:
    """A version of a service offer as PDF: ``?language=`` names another language than the reader's."""
    language = language_asked(request)
    return offer_pdf(viewer=request.actor, at=request.now, public_id=public_id, language=language).answer()


@require_GET
@guarded()
def marked_offer(request: BatonRequest, public_id: str, digest: str) -> HttpResponse:
    """Where the QR code of the document of an offer leads: whether its text is the one that stands."""
    shown = core_queries.to_sign(viewer=request.actor, kind=OfferVersion.kind, public_id=public_id)
    found = offer_version(viewer=request.actor, at=request.now, public_id=public_id)
    say_whether_it_stands(request, shown.digest, digest)
    return redirect(page_of_text(found))


@require_GET
@guarded()
def clauses(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The clauses of a version as CSV or workbook (``?format=xlsx``), in the layout in which they are imported."""
    version = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    held = queries.clauses_by_version(viewer=request.actor, versions=[version]).get(version.pk, [])
    language = get_language() or settings.LANGUAGE_CODE
    rows = ([row.get(column.name, "") for column in COLUMNS] for row in clause_rows(version, held))
    name = f"{version.agreement.number}-v{version.version}"
    return download(request, name, [column.label(language) for column in COLUMNS], rows)


def language_asked(request: HttpRequest) -> str:
    """The language that ``?language=`` names; any other word means the reader's own."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
