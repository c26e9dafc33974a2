"""Grades that bear names and answers that bear none never meet: no way of foreign keys leads from one to the other, and
no figure of a survey changes when grades are given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from baton.feedback import models as tables
from baton.feedback.models.grades import DepartmentGrade, GradedLink, GradeRound
from tests.rooms.feedback.answering import drawn, published
from tests.rooms.feedback.graded import round_closed
from tests.world import World

GRADES = {GradeRound, DepartmentGrade, GradedLink}
OF_SURVEYS = {
    tables.Questionnaire, tables.Wave, tables.WaveLink, tables.SurveyInvitation, tables.InvitedLink, tables.NamedSheet,
    tables.Ballot, tables.Envelope, tables.UrnSheet, tables.AnswerSheet, tables.SurveyComment, tables.PublishedCell,
    tables.PublishedStudy, tables.Finding,
}  # fmt: skip


def _named(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The tables that a table's own columns point to."""
    for field in model._meta.local_fields:
        if field.remote_field is not None:
            yield field.remote_field.model


@pytest.mark.sqlite
def test_no_column_of_one_points_to_the_other() -> None:
    of_feedback = {one for one in apps.get_models() if one._meta.app_label == "feedback"}
    for model in GRADES:
        assert of_feedback & set(_named(model)) <= GRADES, model
    for model in of_feedback - GRADES:
        assert GRADES.isdisjoint(_named(model)), model
    assert of_feedback >= OF_SURVEYS


@pytest.mark.sqlite
def test_grades_stand_in_no_package_of_surveys() -> None:
    from baton.feedback import changes, queries

    for package in (tables, changes, queries):
        assert not {"DepartmentGrade", "GradeRound", "give_grades"} & set(package.__all__), package


@pytest.mark.django_db
def test_figures_of_a_survey_do_not_change_when_grades_are_given(world: World) -> None:
    sheets = [{"on_time": number % 5 + 1, "complete": 5 - number % 5} for number in range(12)]
    wave = published(world, drawn(world, sheets, links=[world.laundry_ward]))

    def figures() -> list[tuple[object, ...]]:
        cells = tables.PublishedCell.objects.filter(wave=wave).order_by("pk")
        return list(cells.values_list("column", "figure", "grouping", "value", "n"))

    before = figures()
    round_closed(world)
    assert before
    assert figures() == before
    assert tables.PublishedCell.objects.exclude(wave=wave).count() == 0
