"""The living page of all components, for those who build pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from baton.core import component_samples, icons
from baton.core.guards import guarded, public
from baton.core.middleware import BatonRequest
from baton.core.policy import may_manage_people


class SampleForm(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label=_("Name of the department"), help_text=_("As it stands on the door."), max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", "–"), ("department", _("Department")), ("team", _("Team"))], required=False
    )
    starts = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.DecimalField(
        label=_("Promised within"), help_text=_("Hours from request to acceptance."), min_value=0
    )
    note = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    log = forms.FileField(label=_("Event log"), help_text=_("XES, CSV or Parquet, at most 512 MB."), required=False)
    told = forms.BooleanField(label=_("The customer has been told"), required=False)
    output = forms.ChoiceField(
        label=_("Output"),
        choices=[("service", _("Service")), ("control", _("Control")), ("information", _("Information"))],
        widget=forms.RadioSelect,
        initial="service",
    )


def for_builders(view: Callable[[BatonRequest], HttpResponse]) -> Callable[[BatonRequest], HttpResponse]:
    """Everybody in developer's mode (BATON_DEBUG), administrators elsewhere; nobody else, in a demonstration either."""

    @public
    @wraps(view)
    def checked(request: BatonRequest) -> HttpResponse:
        return view(request) if settings.DEBUG else guarded(may_manage_people)(view)(request)  # type: ignore[return-value]

    return checked


@for_builders
def components(request: BatonRequest) -> HttpResponse:
    """Every component with sample data."""
    refused = SampleForm(
        {"refused-name": "", "refused-starts": "2026-02-30", "refused-hours": "-4", "refused-output": "service"},
        prefix="refused",
    )
    refused.is_valid()
    rows = component_samples.links()
    values: dict[str, Any] = {
        "form": SampleForm(),
        "refused": refused,
        "icons": icons.names(),
        "chart_values": component_samples.WAITS,
        "rows": rows,
        "page_obj": Paginator(range(1234), 50).page(3),
        "chart": component_samples.wait_chart(),
        "share_chart": component_samples.return_chart(),
        "spread": component_samples.wait_spread(),
        "graph": component_samples.hospital(),
        "timeline": component_samples.timeline(request.now),
        "definitions": component_samples.definitions(),
        "tabs": component_samples.tabs(),
        "stale": component_samples.stale(),
        "now": request.now,
        "unread": 3,
    }
    return render(request, "core/components.html", values)


@for_builders
def component_progress(request: BatonRequest) -> HttpResponse:
    """The answer that the sample progress bar asks for: a step further each time, then done."""
    try:
        done = max(0, min(100, int(request.GET.get("done", "0")) + 10))
    except ValueError:
        done = 0
    return render(request, "core/_sample_progress.html", {"done": done, "url": f"{request.path}?done={done}"})
