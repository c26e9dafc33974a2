"""Addresses of the core."""

from django.urls import path

from baton.core import component_views, views

app_name = "core"

urlpatterns = [
    path("health", views.health, name="health"),
    path("components/", component_views.components, name="components"),
    path("components/progress/", component_views.component_progress, name="component_progress"),
]
