"""The room feedback, and what it offers to the rooms below through their registries.

records         who may see a record, where it stands, what it is called, words of the trail
complaints      the complaint form of customers inside and outside
confidants      who may be written to in confidence
expectations    what customers expect
plans           plans by which surveys come again
findings        findings, what was said and done, exceptions that the director signs
inbox           feedback that reaches the organisation
needs           what employees need to serve their customers well
grades          heads rate departments
questionnaires  navigation, list, export and search of questionnaires
results         where published results are found
waves           navigation and messages of waves
work            jobs
"""

from __future__ import annotations

from django.apps import AppConfig

COUNTED = ("feedback", "chain")
"""On which records it depends what waits behind the room's lines of the navigation."""


class FeedbackConfig(AppConfig):
    name = "baton.feedback"
    label = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.feedback.apps import (
            complaints,
            confidants,
            expectations,
            findings,
            grades,
            inbox,
            needs,
            plans,
            questionnaires,
            records,
            results,
            waves,
            work,
        )

        for part in (
            complaints,
            confidants,
            expectations,
            findings,
            grades,
            inbox,
            needs,
            plans,
            questionnaires,
            records,
            results,
            waves,
            work,
        ):
            part.register()
