"""Addresses of the agreements."""

from django.urls import path

from baton.agreements.views import agreements, clauses, versions

app_name = "agreements"

urlpatterns = [
    path("", agreements.agreements, name="agreements"),
    path("export.csv", agreements.export_agreements, name="export_agreements"),
    path("begin/<slug:link>/", agreements.begin, name="begin"),
    path("versions/<slug:public_id>/describe/", versions.describe, name="describe"),
    path("versions/<slug:public_id>/clauses/add/", clauses.add_clause, name="add_clause"),
    path("versions/<slug:public_id>/<slug:step>/", versions.step, name="step"),
    path("clauses/<slug:public_id>/change/", clauses.change_clause, name="change_clause"),
    path("clauses/<slug:public_id>/drop/", clauses.drop_clause, name="drop_clause"),
    path("clauses/<slug:public_id>/restore/", clauses.restore_clause, name="restore_clause"),
    path("clauses/<slug:public_id>/move/", clauses.move_clause, name="move_clause"),
    path("<slug:public_id>/", agreements.agreement, name="agreement"),
    path("<slug:public_id>/draft/", agreements.draft, name="draft"),
    path("<slug:public_id>/compare/", agreements.compare, name="compare"),
]
