"""Addresses of the product."""

from django.urls import include, path

from baton.agreements.urls import phone_patterns
from baton.core.views.language import set_language
from baton.feedback.urls import (
    complaint_patterns,
    confidant_patterns,
    inbox_patterns,
    sheet_patterns,
    tell_patterns,
)
from baton.handoffs.urls import tablet_patterns

urlpatterns = [
    path("", include("baton.core.urls")),
    path("api/v1/", include("baton.core.api.urls")),
    path("", include("baton.chain.urls")),
    path("accounts/", include("baton.core.accounts.urls")),
    path("agreements/", include("baton.agreements.urls")),
    path("handoffs/", include("baton.handoffs.urls")),
    path("tablet/", include((tablet_patterns, "tablet"))),
    path("w/", include((phone_patterns, "workshop"))),
    path("surveys/", include("baton.feedback.urls")),
    path("s/", include((sheet_patterns, "sheet"))),
    path("inbox/", include((inbox_patterns, "inbox"))),
    path("complaints/", include((complaint_patterns, "complaints"))),
    path("tell/", include((tell_patterns, "tell"))),
    path("confidants/", include((confidant_patterns, "confidants"))),
    path("monitoring/", include("baton.monitoring.urls")),
    path("start/", include("baton.starters.urls")),
    path("language/", set_language, name="set_language"),
]

handler400 = "baton.core.error_pages.bad_request"
handler403 = "baton.core.error_pages.forbidden"
handler404 = "baton.core.error_pages.not_found"
handler429 = "baton.core.error_pages.too_many"
handler500 = "baton.core.error_pages.server_error"
