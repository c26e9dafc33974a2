"""The language switch."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from baton.core import changes
from baton.core.guards import public
from baton.core.middleware import BatonRequest


@require_POST
@public
def set_language(request: BatonRequest) -> HttpResponse:
    """Switch the language: for the browser, and for whoever is signed in also in his profile. Public: strangers read
    the sign-in page."""
    code = request.POST.get("language", "")
    person = request.actor.person
    if person is not None and code in dict(settings.LANGUAGES):
        changes.edit_person(by=request.actor, at=request.now, person=person, language=code)
    response: HttpResponse = django_set_language(request)
    return response
