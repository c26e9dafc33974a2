"""Questionnaires to begin with. Every item is our own wording, in English and Chinese; whoever begins with a set may
change all of it. Pure Python."""

from __future__ import annotations

from baton.feedback.rules.library.internal import CONTROL_OUTPUT, INTERNAL_CUSTOMER, INTERNAL_SERVICE, KANO_SERVICE
from baton.feedback.rules.library.outside import LOYALTY, SERVICE_BRAND, SWITCHING_COSTS
from baton.feedback.rules.library.people import EMPLOYEE_NEEDS, GUEST, PARENT, PATIENT
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

LIBRARY = (
    INTERNAL_CUSTOMER, INTERNAL_SERVICE, SERVICE_QUALITY, CONTROL_OUTPUT, KANO_SERVICE, LOYALTY, SERVICE_BRAND,
    PATIENT, GUEST, PARENT, EMPLOYEE_NEEDS, FACTORY, HOSPITAL, HOTEL, LABORATORY, RETAILER, IT_PROJECTS, SCHOOL,
)  # fmt: skip
"""All sets in the order in which they are offered."""


def library_set_of(key: str) -> LibrarySet | None:
    """The set with this key; None where there is none."""
    return next((one for one in LIBRARY if one.key == key), None)


__all__ = ["LIBRARY", "SWITCHING_COSTS", "Group", "LibrarySet", "library_set_of"]
