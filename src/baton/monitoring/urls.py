"""Addresses of monitoring."""

from django.urls import path

from baton.monitoring import views

app_name = "monitoring"

urlpatterns = [
    path("", views.state, name="state"),
    path("refresh/", views.refresh, name="refresh"),
    path("panel/<slug:kind>/<slug:public_id>/", views.panel, name="panel"),
    path("panel/<slug:kind>/<slug:public_id>/phase/", views.start_phase, name="start_phase"),
    path("panel/<slug:kind>/<slug:public_id>/phase/preview/", views.preview_phase, name="preview_phase"),
    path("panel/<slug:kind>/<slug:public_id>/phase/<slug:phase>/", views.correct_phase, name="correct_phase"),
    path(
        "panel/<slug:kind>/<slug:public_id>/phase/<slug:phase>/withdraw/", views.withdraw_phase, name="withdraw_phase"
    ),
]
