"""Signs of agreements: ``{% load agreements %}``."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from baton.agreements.models import AgreementVersion
from baton.agreements.pages.agreements import STATE_SIGNS
from baton.agreements.rules import VersionState
from baton.core.templatetags.baton import status

register = template.Library()


@register.simple_tag
def state_of(version: AgreementVersion) -> SafeString:
    """``{% state_of version %}``: how far a version has come, with colour, icon and word."""
    return status(STATE_SIGNS[VersionState(version.state)], str(version.get_state_display()))
