"""Addresses of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("baton.core.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
