"""Addresses of the feedback."""

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from baton.feedback.views import (
    asked,
    cards,
    complaint_steps,
    complaints,
    confidants,
    expectations,
    feedback_doors,
    findings,
    grades,
    inbox,
    mine,
    needs,
    path_results,
    plans,
    questionnaire_files,
    questionnaires,
    questions,
    results,
    sheets,
    tell,
    waves,
)


class LanguageConverter:
    """A language of the interface in an address."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

app_name = "surveys"

urlpatterns: list[URLPattern] = [
    # what somebody is asked himself
    path("mine/", asked.mine, name="mine"),
    path("mine/code/", asked.show_code, name="show_code"),
    path("mine/quiet/", asked.quiet, name="quiet"),
    # answering by name
    path("mine/<slug:public_id>/", mine.named, name="named"),
    path("<slug:public_id>/paper/", mine.paper, name="paper"),
    # findings
    path("findings/", findings.findings, name="findings"),
    path("findings/export.csv", findings.export_findings, name="export_findings"),
    path("findings/add/<slug:wave>/", findings.add_finding, name="add_finding"),
    path("findings/<slug:public_id>/", findings.finding, name="finding"),
    path("findings/<slug:public_id>/answer/", findings.answer_finding, name="answer_finding"),
    path("findings/<slug:public_id>/decline/", findings.decline_finding, name="decline_finding"),
    path("findings/<slug:public_id>/done/", findings.finish_finding, name="finish_finding"),
    path("findings/<slug:public_id>/reopen/", findings.reopen_finding, name="reopen_finding"),
    path("said-and-done/", findings.said_and_done, name="said_and_done"),
    path("exceptions/ask/<slug:wave>/", findings.ask_for_exception, name="ask_for_exception"),
    path("exceptions/<slug:public_id>/", findings.exception, name="exception"),
    # questionnaires
    path("questionnaires/", questionnaires.questionnaire_list, name="questionnaires"),
    path("questionnaires/export.csv", questionnaires.export_questionnaires, name="export_questionnaires"),
    path("questionnaires/new/", questionnaires.choose, name="choose_questionnaire"),
    path("questionnaires/begin/", questionnaires.begin, name="begin_questionnaire"),
    path("questionnaires/import/", questionnaire_files.import_questionnaire, name="import_questionnaire"),
    path("questionnaires/<slug:public_id>/file.json", questionnaire_files.file, name="questionnaire_file"),
    path("questionnaires/library/<slug:key>/", questionnaires.library_set, name="library_set"),
    path("questionnaires/<slug:public_id>/", questionnaires.questionnaire, name="questionnaire"),
    path("questionnaires/<slug:public_id>/rename/", questionnaires.rename, name="rename_questionnaire"),
    path("questionnaires/<slug:public_id>/end/", questionnaires.end, name="end_questionnaire"),
    path("questionnaires/<slug:public_id>/preview/", questionnaires.preview, name="preview_questionnaire"),
    path("questionnaires/<slug:public_id>/print/", questionnaires.print_questionnaire, name="print_questionnaire"),
    path("questionnaires/<slug:public_id>/clauses/", questions.add_clause_questions, name="add_clause_questions"),
    path("questionnaires/<slug:public_id>/sections/add/", questions.add_section, name="add_section"),
    path("questionnaires/<slug:public_id>/sections/<slug:key>/", questions.change_section, name="change_section"),
    path("questionnaires/<slug:public_id>/sections/<slug:key>/drop/", questions.drop_section, name="drop_section"),
    path("questionnaires/<slug:public_id>/sections/<slug:key>/move/", questions.move_section, name="move_section"),
    path("questionnaires/<slug:public_id>/add/<slug:section>/", questions.choose_kind, name="choose_kind"),
    path(
        "questionnaires/<slug:public_id>/add/<slug:section>/<slug:kind>/", questions.add_question, name="add_question"
    ),
    path("questionnaires/<slug:public_id>/questions/<slug:key>/", questions.change_question, name="change_question"),
    path("questionnaires/<slug:public_id>/questions/<slug:key>/drop/", questions.drop_question, name="drop_question"),
    path("questionnaires/<slug:public_id>/questions/<slug:key>/move/", questions.move_question, name="move_question"),
    # plans by which surveys come again
    path("plans/", plans.plan_list, name="plans"),
    path("plans/export.csv", plans.export_plans, name="export_plans"),
    path("plans/new/", plans.add, name="add_plan"),
    path("plans/<slug:public_id>/", plans.plan, name="plan"),
    path("plans/<slug:public_id>/change/", plans.edit, name="change_plan"),
    path("plans/<slug:public_id>/target/", plans.target, name="plan_target"),
    path("plans/<slug:public_id>/end/", plans.end, name="end_plan"),
    path("plans/<slug:public_id>/<slug:way>/", plans.answer, name="answer_plan"),
    # expectations
    path("expectations/", expectations.expectations, name="expectations"),
    path("expectations/export.csv", expectations.export_expectations, name="export_expectations"),
    path("expectations/add/<slug:link>/", expectations.add_expectation, name="add_expectation"),
    path("expectations/<slug:public_id>/", expectations.expectation, name="expectation"),
    path("expectations/<slug:public_id>/change/", expectations.change_expectation, name="change_expectation"),
    path("expectations/<slug:public_id>/confirm/", expectations.confirm_expectation, name="confirm_expectation"),
    path("expectations/<slug:public_id>/end/", expectations.end_expectation, name="end_expectation"),
    # what employees need to serve their customers well
    path("needs/", needs.employee_needs, name="employee_needs"),
    path("needs/export.csv", needs.export_employee_needs, name="export_employee_needs"),
    path("needs/figures/", needs.need_figures, name="need_figures"),
    path("needs/say/", needs.say_need, name="say_need"),
    path("needs/<slug:public_id>/", needs.employee_need, name="employee_need"),
    path("needs/<slug:public_id>/promise/", needs.promise_need, name="promise_need"),
    path("needs/<slug:public_id>/decline/", needs.decline_need, name="decline_need"),
    path("needs/<slug:public_id>/met/", needs.meet_need, name="meet_need"),
    path("needs/<slug:public_id>/not-met/", needs.miss_need, name="miss_need"),
    path("needs/<slug:public_id>/take-back/", needs.withdraw_need, name="withdraw_need"),
    # heads rate departments
    path("grades/", grades.rounds, name="grade_rounds"),
    path("grades/new/", grades.open_round, name="open_grade_round"),
    path("grades/about/<slug:party>/", grades.about, name="grades_about"),
    path("grades/given/<slug:public_id>/", grades.grade, name="grade"),
    path("grades/given/<slug:public_id>/reply/", grades.reply, name="reply_to_grade"),
    path("grades/given/<slug:public_id>/done/", grades.finish_promise, name="finish_grade_promise"),
    path("grades/<slug:public_id>/", grades.grade_round, name="grade_round"),
    path("grades/<slug:public_id>/export.csv", grades.export_round, name="export_grade_round"),
    path("grades/<slug:public_id>/move/", grades.move_round, name="move_grade_round"),
    path("grades/<slug:public_id>/close/", grades.close_round, name="close_grade_round"),
    path("grades/<slug:public_id>/withdraw/", grades.withdraw_round, name="withdraw_grade_round"),
    path("grades/<slug:public_id>/for/<slug:party>/", grades.sheet, name="grade_sheet"),
    # results
    path("results/", results.result_list, name="result_list"),
    path("methods/<slug:name>/", results.method, name="method"),
    path("paths/<slug:public_id>/", path_results.path, name="path_results"),
    path("paths/<slug:public_id>/export.csv", path_results.export_path, name="export_path_results"),
    path("comments/<slug:public_id>/pass/", results.pass_comment, name="pass_comment"),
    path("comments/<slug:public_id>/withhold/", results.withhold_comment, name="withhold_comment"),
    path("<slug:public_id>/results/", results.results, name="results"),
    path("<slug:public_id>/results/export.csv", results.export_results, name="export_results"),
    path("<slug:public_id>/comments/", results.comments, name="comments"),
    path("<slug:public_id>/sheets.csv", results.export_sheets, name="export_sheets"),
    path("<slug:public_id>/predict/<slug:link>/", results.predict, name="predict"),
    # waves; their ids stand last, behind every word of an address
    path("", waves.waves, name="waves"),
    path("new/", waves.prepare, name="prepare_wave"),
    path("<slug:public_id>/", waves.wave, name="wave"),
    path("<slug:public_id>/change/", waves.change, name="change_wave"),
    path("<slug:public_id>/links/", waves.choose_links, name="wave_links"),
    path("<slug:public_id>/links/<slug:link>/out/", waves.leave_out, name="leave_out"),
    path("<slug:public_id>/people/", waves.people, name="wave_people"),
    path("<slug:public_id>/ways/", waves.choose_way, name="choose_way"),
    path("<slug:public_id>/open/", waves.open_it, name="open_wave"),
    path("<slug:public_id>/close/", waves.close, name="close_wave"),
    path("<slug:public_id>/withdraw/", waves.withdraw, name="withdraw_wave"),
    path("<slug:public_id>/publish/", waves.publish, name="publish_wave"),
    path("<slug:public_id>/remind/", waves.remind, name="remind"),
    path("<slug:public_id>/cards/", cards.cards, name="cards"),
]

# Short, because it stands on letters and cards. Nothing under it may say who asks: settings.UNTRACED_PATHS.
sheet_patterns: list[URLPattern] = [
    path("sheet.js", sheets.script, name="script"),
    path("<slug:wave>/", sheets.sheet, name="first"),
    path("<slug:wave>/kiosk/", sheets.sheet, {"kiosk": True}, name="kiosk"),
    path("<slug:wave>/thanks/", sheets.thanks, name="thanks"),
    path("<slug:wave>/<language:language>/", sheets.sheet, name="first"),
    path("<slug:wave>/<language:language>/kiosk/", sheets.sheet, {"kiosk": True}, name="kiosk"),
    path("<slug:wave>/<language:language>/thanks/", sheets.thanks, name="thanks"),
]

# Under an address of their own: settings.UNLOGGED_PATHS.
confidant_patterns: list[URLPattern] = [
    path("", confidants.confidants, name="confidants"),
    path("me/", confidants.be_confidant, name="be_confidant"),
    path("write/", confidants.write, name="write"),
    path("list/<slug:public_id>/leave/", confidants.leave, name="leave"),
    path("<slug:key>/", confidants.talk, name="talk"),
    path("<slug:key>/end/", confidants.end, name="end"),
    path("<slug:key>/delete/", confidants.delete, name="delete"),
]

# Short, because it stands on posters. Nothing under it may say who asks: settings.UNTRACED_PATHS.
tell_patterns: list[URLPattern] = [
    path("<slug:door>/", tell.form, name="form"),
    path("<slug:door>/thanks/", tell.thanks, name="thanks"),
    path("<slug:door>/<language:language>/", tell.form, name="form"),
    path("<slug:door>/<language:language>/thanks/", tell.thanks, name="thanks"),
]

inbox_patterns: list[URLPattern] = [
    path("", inbox.inbox, name="inbox"),
    path("export.csv", inbox.export_inbox, name="export"),
    path("tell/", inbox.tell, name="tell"),
    path("enter/", inbox.enter, name="enter"),
    path("doors/", feedback_doors.doors, name="doors"),
    path("doors/open/", feedback_doors.open_door, name="open_door"),
    path("doors/<slug:public_id>/", feedback_doors.door, name="door"),
    path("doors/<slug:public_id>/poster.pdf", feedback_doors.poster, name="poster"),
    path("doors/<slug:public_id>/close/", feedback_doors.close_door, name="close_door"),
    path("<slug:public_id>/", inbox.item, name="item"),
    path("<slug:public_id>/kind/", inbox.sort, name="sort"),
    path("<slug:public_id>/pass-on/", inbox.pass_on, name="pass_on"),
    path("<slug:public_id>/answer/", inbox.answer, name="answer"),
    path("<slug:public_id>/complaint/", inbox.complain, name="complain"),
    path("<slug:public_id>/thank/", inbox.thank, name="thank"),
    path("<slug:public_id>/no-action/", inbox.leave, name="leave"),
]

# The complaint form, under an address of its own: it has nothing to do with surveys.
complaint_patterns: list[URLPattern] = [
    path("", complaints.complaints, name="complaints"),
    path("export.csv", complaints.export_complaints, name="export_complaints"),
    path("new/", complaints.receive_complaint, name="receive"),
    path("<slug:public_id>/", complaints.complaint, name="complaint"),
    path("<slug:public_id>/form.pdf", complaints.print_complaint, name="form"),
    path("<slug:public_id>/correct/", complaints.correct_complaint, name="correct"),
    path("<slug:public_id>/route/", complaints.route_complaint, name="route"),
    path("<slug:public_id>/forget/", complaints.forget_complainant, name="forget"),
    path("<slug:public_id>/steps/<slug:step>/", complaint_steps.act, name="act"),
    path("<slug:public_id>/sign/<slug:step>/", complaint_steps.sign, name="sign"),
]
