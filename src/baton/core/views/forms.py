"""What forms need beside their pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from baton.core.guards import public
from baton.core.middleware import BatonRequest


@never_cache
@public
def token(request: BatonRequest) -> HttpResponse:
    """The hidden field with the token that forms of this browser bear now. Public: a page whose reader was signed out
    asks for it when he comes back to it, and other sites cannot read the answer."""
    return render(request, "core/_token_field.html")
