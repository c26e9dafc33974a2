"""Addresses of the agreements."""

from django.urls import path

from baton.agreements.views import agreements, certificates, clauses, guarantees, houses, promises, signing, versions

app_name = "agreements"

urlpatterns = [
    path("guarantees/give/<slug:agreement>/", guarantees.give_guarantee, name="give_guarantee"),
    path("guarantees/<slug:public_id>/", guarantees.guarantee, name="guarantee"),
    path("guarantees/<slug:public_id>/change/", guarantees.change_guarantee, name="change_guarantee"),
    path("guarantees/<slug:public_id>/end/", guarantees.end_guarantee, name="end_guarantee"),
    path("guarantees/<slug:public_id>/call/", guarantees.call_guarantee, name="call_guarantee"),
    path("guarantee-calls/<slug:public_id>/end/", guarantees.end_call, name="end_guarantee_call"),
    path("promises/", promises.promises, name="promises"),
    path("promises/panel/", promises.promises_panel, name="promises_panel"),
    path("houses/", houses.houses, name="houses"),
    path("houses/begin/<slug:link>/", houses.begin_house, name="begin_house"),
    path("houses/<slug:public_id>/", houses.house, name="house"),
    path("houses/<slug:public_id>/describe/", houses.describe_house, name="describe_house"),
    path("houses/<slug:public_id>/judge/", houses.judge_house, name="judge_house"),
    path("houses/<slug:public_id>/close/", houses.close_house, name="close_house"),
    path("houses/<slug:public_id>/export.csv", houses.export_house, name="export_house"),
    path("houses/<slug:public_id>/import/", houses.import_house, name="import_house"),
    path("houses/<slug:public_id>/needs/add/", houses.add_need, name="add_house_need"),
    path("houses/<slug:public_id>/characteristics/add/", houses.add_characteristic, name="add_house_characteristic"),
    path("house-needs/<slug:public_id>/change/", houses.change_need, name="change_house_need"),
    path("house-needs/<slug:public_id>/leave-out/", houses.leave_out_need, name="leave_out_house_need"),
    path(
        "house-characteristics/<slug:public_id>/change/",
        houses.change_characteristic,
        name="change_house_characteristic",
    ),
    path(
        "house-characteristics/<slug:public_id>/leave-out/",
        houses.leave_out_characteristic,
        name="leave_out_house_characteristic",
    ),
    path("house-characteristics/<slug:public_id>/promise/", houses.promise, name="promise_characteristic"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/export/", certificates.export_certificates, name="export_certificates"),
    path("certificates/new/<slug:party>/", certificates.add_certificate, name="add_certificate"),
    path("certificates/<slug:public_id>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:public_id>/change/", certificates.change_certificate, name="change_certificate"),
    path("certificates/<slug:public_id>/end/", certificates.end_certificate, name="end_certificate"),
    path("", agreements.agreements, name="agreements"),
    path("export.csv", agreements.export_agreements, name="export_agreements"),
    path("begin/<slug:link>/", agreements.begin, name="begin"),
    path("versions/<slug:public_id>/describe/", versions.describe, name="describe"),
    path("versions/<slug:public_id>/clauses/add/", clauses.add_clause, name="add_clause"),
    path("versions/<slug:public_id>/sign/<slug:side>/", signing.sign, name="sign"),
    path("versions/<slug:public_id>/ask/<slug:side>/", signing.ask, name="ask_outside"),
    path("links/<slug:public_id>/withdraw/", signing.withdraw, name="withdraw_asking"),
    path("versions/<slug:public_id>/<slug:step>/", versions.step, name="step"),
    path("clauses/<slug:public_id>/change/", clauses.change_clause, name="change_clause"),
    path("clauses/<slug:public_id>/drop/", clauses.drop_clause, name="drop_clause"),
    path("clauses/<slug:public_id>/restore/", clauses.restore_clause, name="restore_clause"),
    path("clauses/<slug:public_id>/move/", clauses.move_clause, name="move_clause"),
    path("<slug:public_id>/", agreements.agreement, name="agreement"),
    path("<slug:public_id>/draft/", agreements.draft, name="draft"),
    path("<slug:public_id>/compare/", agreements.compare, name="compare"),
]
