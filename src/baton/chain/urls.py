"""Addresses of the chain."""

from django.urls import path

from baton.chain.views import event_logs, gaps, home, links, parties, successions

app_name = "chain"

urlpatterns = [
    path("", home.home, name="home"),
    path("map/", home.chain_map, name="map"),
    path("map/table/", home.map_table, name="map_table"),
    path("parties/", parties.parties, name="parties"),
    path("parties/add/", parties.add_party, name="add_party"),
    path("parties/export.csv", parties.export_parties, name="export_parties"),
    path("parties/<slug:public_id>/", parties.party, name="party"),
    path("parties/<slug:public_id>/rename/", parties.rename_party, name="rename_party"),
    path("parties/<slug:public_id>/move/", parties.move_party, name="move_party"),
    path("parties/<slug:public_id>/end/", parties.end_party, name="end_party"),
    path("parties/<slug:public_id>/appoint/", parties.appoint, name="appoint"),
    path("parties/<slug:public_id>/merge/", successions.merge_party, name="merge_party"),
    path("parties/<slug:public_id>/split/", successions.split_party, name="split_party"),
    path("memberships/<slug:public_id>/end/", parties.end_membership, name="end_membership"),
    path("links/", links.links, name="links"),
    path("links/add/", links.add_link, name="add_link"),
    path("links/export.csv", links.export_links, name="export_links"),
    path("links/<slug:public_id>/", links.link, name="link"),
    path("links/<slug:public_id>/change/", links.change_link, name="change_link"),
    path("links/<slug:public_id>/end/", links.end_link, name="end_link"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/export.csv", gaps.export_gaps, name="export_gaps"),
    path("gaps/<slug:detector>/<str:key>/", gaps.gap, name="gap"),
    path("gaps/<slug:detector>/<str:key>/assign/", gaps.assign_gap, name="assign_gap"),
    path("gaps/<slug:detector>/<str:key>/answer/", gaps.answer_gap, name="answer_gap"),
    path("gaps/<slug:detector>/<str:key>/withdraw/", gaps.withdraw_gap_answer, name="withdraw_gap_answer"),
    path("discovery/", event_logs.event_logs, name="event_logs"),
    path("discovery/<slug:public_id>/", event_logs.event_log, name="event_log"),
    path("discovery/<slug:public_id>/columns/", event_logs.columns, name="event_log_columns"),
    path("discovery/<slug:public_id>/reading/", event_logs.reading, name="event_log_reading"),
    path("discovery/<slug:public_id>/map/", event_logs.mined_map, name="event_log_map"),
    path("discovery/<slug:public_id>/comparison/", event_logs.comparison, name="event_log_comparison"),
    path("discovery/<slug:public_id>/names/", event_logs.names, name="event_log_names"),
    path("discovery/<slug:public_id>/links/", event_logs.make_links, name="event_log_links"),
    path("discovery/<slug:public_id>/accept/", event_logs.accept, name="event_log_accept"),
    path("discovery/<slug:public_id>/withdraw/", event_logs.withdraw, name="event_log_withdraw"),
    path("discovery/<slug:public_id>/pairs.csv", event_logs.export, name="event_log_export"),
]
