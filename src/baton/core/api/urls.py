"""Addresses of the API; config puts them under /api/v1/."""

from django.urls import path

from baton.core.api.pages import openapi
from baton.core.api.service import routes

app_name = "api"

urlpatterns = [path("openapi.json", openapi, name="openapi"), *routes()]
