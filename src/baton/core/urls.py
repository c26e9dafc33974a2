"""Addresses of the core."""

from django.urls import path

from baton.core import component_views
from baton.core.api import pages
from baton.core.views import (
    audit_trail,
    bulk,
    data,
    forms,
    health,
    keys,
    notifications,
    people,
    profile,
    tokens,
)

app_name = "core"

urlpatterns = [
    path("health", health.health, name="health"),
    path("people/", people.people, name="people"),
    path("people/new/", people.add_person, name="add_person"),
    path("people/roles/<slug:public_id>/end/", people.end_role, name="end_role"),
    path("people/tokens/", tokens.all_tokens, name="all_tokens"),
    path("people/<slug:public_id>/", people.person, name="person"),
    path("people/<slug:public_id>/contacts/", people.show_contacts, name="show_contacts"),
    path("people/<slug:public_id>/edit/", people.edit_person, name="edit_person"),
    path("people/<slug:public_id>/roles/", people.give_role, name="give_role"),
    path("people/<slug:public_id>/account/", people.switch_account, name="switch_account"),
    path("people/<slug:public_id>/forget/", people.forget_person, name="forget_person"),
    path("people/<slug:public_id>/reset-code/", people.issue_reset_code, name="issue_reset_code"),
    path("people/<slug:public_id>/second-factor/", people.remove_second_factor, name="remove_second_factor"),
    path("keys/<slug:public_id>/withdraw/", keys.withdraw_key, name="withdraw_key"),
    path("keys/<slug:kind>/<slug:public_id>/", keys.keys, name="keys"),
    path("me/", profile.me, name="me"),
    path("me/tokens/", tokens.my_tokens, name="my_tokens"),
    path("me/tokens/<slug:public_id>/withdraw/", tokens.withdraw_token, name="withdraw_token"),
    path("api/docs/", pages.api_reference, name="api_reference"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_notifications, name="read_notifications"),
    path("notifications/<slug:public_id>/open/", notifications.open_notification, name="open_notification"),
    path("audit/", audit_trail.audit_trail, name="audit"),
    path("audit/<int:seq>/", audit_trail.audit_entry, name="audit_entry"),
    path("audit/<int:seq>/values/", audit_trail.open_values, name="open_audit_values"),
    path("data/", data.data, name="data"),
    path("data/bulk/", bulk.batches, name="batches"),
    path("data/bulk/<slug:public_id>/", bulk.batch, name="batch"),
    path("data/bulk/<slug:public_id>/progress/", bulk.progress, name="batch_progress"),
    path("data/bulk/<slug:public_id>/take-back/", bulk.take_back, name="take_back_batch"),
    path("data/bulk/<slug:public_id>/resume/", bulk.resume, name="resume_batch"),
    path("data/<str:name>/", data.take, name="take_data"),
    path("token/", forms.token, name="token"),
    path("components/", component_views.components, name="components"),
    path("components/progress/", component_views.component_progress, name="component_progress"),
]
