"""Addresses of the handoffs."""

from django.urls import path

from baton.handoffs.views import codes, findings, handoffs, measures, returns, standing, steps, tallies, today

app_name = "handoffs"

urlpatterns = [
    path("", handoffs.handoffs, name="handoffs"),
    path("export.csv", handoffs.export_handoffs, name="export_handoffs"),
    path("export/<slug:part>/", handoffs.export_parts, name="export_parts"),
    path("today/", today.today, name="today"),
    path("new/", handoffs.choose_link, name="new"),
    path("new/<slug:link>/ask/", handoffs.ask, name="ask"),
    path("new/<slug:link>/hand-over/", handoffs.hand_over, name="hand_over"),
    path("tally/<slug:link>/", tallies.tally, name="tally"),
    path("codes/", codes.codes, name="codes"),
    path("codes/add/", codes.add_code, name="add_code"),
    path("codes/<slug:public_id>/rename/", codes.rename_code, name="rename_code"),
    path("codes/<slug:public_id>/end/", codes.end_code, name="end_code"),
    path("practice/<slug:link>/", codes.practice, name="practice"),
    path("practice/<slug:link>/say/", codes.say_practice, name="say_practice"),
    path("practice/<slug:link>/agree/<slug:side>/", codes.agree_to_practice, name="agree_to_practice"),
    path("practice/<slug:link>/silence/", codes.silence, name="silence"),
    path("practice/<slug:link>/silence/<slug:side>/agree/", codes.agree_to_silence, name="agree_to_silence"),
    path("orders/", standing.orders, name="orders"),
    path("orders/new/<slug:link>/", standing.add, name="add_order"),
    path("orders/<slug:public_id>/", standing.order, name="order"),
    path("orders/<slug:public_id>/change/", standing.edit, name="change_order"),
    path("orders/<slug:public_id>/<slug:way>/", standing.answer, name="answer_order"),
    path("returns/<slug:public_id>/<slug:way>/", returns.answer, name="answer_return"),
    path("predecessors/<slug:public_id>/end/", findings.end_predecessor, name="end_predecessor"),
    path("clauses/<slug:public_id>/", measures.clause, name="clause"),
    path("<slug:public_id>/", handoffs.handoff, name="handoff"),
    path("<slug:public_id>/genealogy/", handoffs.genealogy, name="genealogy"),
    path("<slug:public_id>/step/<slug:step>/", steps.step, name="step"),
    path("<slug:public_id>/cost/", steps.cost, name="cost"),
    path("<slug:public_id>/judge/<slug:side>/", findings.judge, name="judge"),
    path("<slug:public_id>/check/<slug:stage>/", findings.check, name="check"),
    path("<slug:public_id>/value/", findings.value, name="value"),
    path("<slug:public_id>/predecessor/", findings.predecessor, name="predecessor"),
]
