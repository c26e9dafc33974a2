"""Questionnaires to begin with. Every item is our own wording, in English and Chinese; whoever begins with a set may
change all of it. Pure Python."""

from __future__ import annotations

from baton.feedback.rules.library.internal import CONTROL_OUTPUT, INTERNAL_CUSTOMER, INTERNAL_SERVICE, KANO_SERVICE
from baton.feedback.rules.library.outside import LOYALTY, SERVICE_BRAND, SWITCHING_COSTS
from baton.feedback.rules.library.people import EMPLOYEE_NEEDS, EMPLOYEE_PULSE, GUEST, PARENT, PATIENT
from baton.feedback.rules.library.sectors import (
    FACTORY,
    HOSPITAL,
    HOTEL,
    IT_PROJECTS,
    LABORATORY,
    RETAILER,
    SCHOOL,
)
from baton.feedback.rules.library.service_quality import SERVICE_QUALITY
from baton.feedback.rules.library.writing import Group, LibrarySet
from baton.feedback.rules.questions import SCALED, About, Contents

LIBRARY = (
    INTERNAL_CUSTOMER, INTERNAL_SERVICE, SERVICE_QUALITY, CONTROL_OUTPUT, KANO_SERVICE, LOYALTY, SERVICE_BRAND,
    PATIENT, GUEST, PARENT, EMPLOYEE_NEEDS, EMPLOYEE_PULSE, FACTORY, HOSPITAL, HOTEL, LABORATORY, RETAILER, IT_PROJECTS,
    SCHOOL,
)  # fmt: skip
"""All sets in the order in which they are offered."""


_CONTROL_KEYS = {one.key for one in CONTROL_OUTPUT.contents.questions() if one.kind in SCALED} - {
    one.key for like in LIBRARY if like is not CONTROL_OUTPUT for one in like.contents.questions()
}


def asks_of_controls(contents: Contents) -> bool:
    """Whether it has items about audits and inspections: how clear, quick and even-handed they are."""
    return any(one.key in _CONTROL_KEYS for one in contents.questions(About.LINK))


def asks_of_services(contents: Contents) -> bool:
    """Whether it rates how well one is served; of an audit or inspection that would be to rate its verdict. What
    clauses ask is agreed for their own links."""
    controls = {one.key for one in CONTROL_OUTPUT.contents.questions()} if asks_of_controls(contents) else set()
    rated = (one for one in contents.questions(About.LINK) if one.kind in SCALED and not one.line)
    return any(one.key not in controls for one in rated)


def library_set_of(key: str) -> LibrarySet | None:
    """The set with this key; None where there is none."""
    return next((one for one in LIBRARY if one.key == key), None)


__all__ = [
    "LIBRARY",
    "SWITCHING_COSTS",
    "Group",
    "LibrarySet",
    "asks_of_controls",
    "asks_of_services",
    "library_set_of",
]
