"""Addresses of the starters."""

from django.urls import path

from baton.starters import views

app_name = "starters"

urlpatterns = [
    path("", views.start, name="start"),
    path("sectors/", views.sectors, name="sectors"),
    path("sectors/<slug:code>/", views.sector_page, name="sector"),
    path("<slug:step>/", views.step, name="step"),
]
