"""The address that a monitor asks."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from baton.core.guards import public
from baton.core.health import checks
from baton.core.middleware import BatonRequest


@require_safe
@never_cache
@public
def health(request: BatonRequest) -> JsonResponse:
    """200 while the installation can do its work, else 503, with the reasons. Public: it says nothing about anybody."""
    findings = checks(at=request.now)
    ok = all(finding.ok for finding in findings)
    body = {"status": "ok" if ok else "unhealthy", "findings": [finding.to_dict() for finding in findings]}
    return JsonResponse(body, status=200 if ok else 503)
