"""Addresses of monitoring."""

from django.urls import path

from baton.monitoring import views

app_name = "monitoring"

urlpatterns = [
    path("", views.state, name="state"),
    path("refresh/", views.refresh, name="refresh"),
    path("signals/", views.signals, name="signals"),
    path("signals/export/", views.export_signals, name="export_signals"),
    path("signals/telling/", views.rules, name="rules"),
    path("signals/telling/<slug:public_id>/withdraw/", views.withdraw_rule, name="withdraw_rule"),
    path("signals/<slug:public_id>/", views.signal, name="signal"),
    path("signals/<slug:public_id>/see/", views.see_signal, name="see_signal"),
    path("signals/<slug:public_id>/explain/", views.explain_signal, name="explain_signal"),
    path("signals/<slug:public_id>/close/", views.close_signal, name="close_signal"),
    path("signals/<slug:public_id>/reopen/", views.reopen_signal, name="reopen_signal"),
    path("signals/<slug:public_id>/give/", views.give_signal, name="give_signal"),
    path("panel/<slug:kind>/<slug:public_id>/", views.panel, name="panel"),
    path("panel/<slug:kind>/<slug:public_id>/phase/", views.start_phase, name="start_phase"),
    path("panel/<slug:kind>/<slug:public_id>/limits/", views.specify, name="specify"),
    path(
        "panel/<slug:kind>/<slug:public_id>/limits/<slug:limits>/withdraw/",
        views.withdraw_limits,
        name="withdraw_limits",
    ),  # fmt: skip
    path("panel/<slug:kind>/<slug:public_id>/phase/preview/", views.preview_phase, name="preview_phase"),
    path("panel/<slug:kind>/<slug:public_id>/phase/<slug:phase>/", views.correct_phase, name="correct_phase"),
    path(
        "panel/<slug:kind>/<slug:public_id>/phase/<slug:phase>/withdraw/", views.withdraw_phase, name="withdraw_phase"
    ),
]
