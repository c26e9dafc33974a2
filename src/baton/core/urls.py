"""Addresses of the core."""

from django.urls import path

from baton.core import views

app_name = "core"

urlpatterns = [path("health", views.health, name="health")]
