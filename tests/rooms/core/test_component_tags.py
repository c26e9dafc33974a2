"""The component tags: what they refuse, what they escape, what they leave out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.forms import DateInput, FileInput, HiddenInput, NumberInput, PasswordInput, TextInput
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Input
from django.template import Context, Template
from django.test import RequestFactory

from baton.core import component_samples, icons
from baton.core.charts import picture, sparklines
from baton.core.controls import Renderer
from baton_analysis.drawing import scales


def shown(source: str, query: str = "", **values: Any) -> str:
    """The template's text for a request with ``query``."""
    request = RequestFactory().get(f"/links/{query}")
    return Template("{% load baton %}" + source).render(Context({"request": request, **values}))


def test_markup_in_a_name_is_text_everywhere() -> None:
    name = "<script>alert(1)</script>"
    graph = {"nodes": [{"id": "a", "label": name, "kind": name, "href": "", "status": ""}], "edges": []}
    chart = component_samples.wait_chart() | {"title": name}
    chart["points"][3]["violations"] = [name]
    page = shown(
        "{% page_header name name %}{% endpage_header %}{% card name note=name %}{{ name }}{% endcard %}"
        "{% badge name %}{% status 'kept' name %}{% stat name name interval=name %}{% breadcrumb name '/' name %}"
        "{% empty_state 'inbox' name name %}{% endempty_state %}{% sparkline values name %}"
        "{% chain_map graph 'm' %}{% control_chart chart 'c' %}",
        name=name, graph=graph, chart=chart, values=[1, 2],
    )  # fmt: skip
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 14


def test_no_component_writes_a_style_or_a_handler_into_the_page() -> None:
    page = shown(
        "{% control_chart chart 'c' %}{% chain_map graph 'm' %}{% progress 1 2 'Reading' '/x/' %}{% status 'broken' %}",
        chart=component_samples.return_chart(), graph=component_samples.hospital(),
    )  # fmt: skip
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    assert re.findall(r"<script(?! id=\"[\w-]+\" type=\"application/json\")", page) == []


def test_an_unknown_status_or_icon_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(ValueError, match="no status 'fine'; there are: kept"):
        shown("{% status 'fine' %}")
    with pytest.raises(ValueError, match="no icon 'unicorn'"):
        icons.draw("unicorn")
    with pytest.raises(ValueError, match="no icon"):
        icons.draw("../../vendor/lucide/house")


def test_every_icon_that_is_shipped_can_be_drawn() -> None:
    names = icons.names()
    assert len(names) > 100
    assert all(re.search("<(path|circle|rect|line)", icons.draw(name)) for name in names)


def test_sorting_keeps_the_filters_and_turns_round() -> None:
    first = shown("{% sortable 'wait' 'Median wait' %}", "?status=kept&page=3")
    assert 'href="?status=kept&amp;order=wait"' in first
    assert "aria-sort" not in first
    second = shown("{% sortable 'wait' 'Median wait' %}", "?order=wait")
    assert 'aria-sort="ascending"' in second
    assert 'href="?order=-wait"' in second


def test_pages_keep_filters_and_order() -> None:
    page = shown("{% pagination page_obj %}", "?order=wait&page=2", page_obj=Paginator(range(120), 50).page(2))
    assert "51 to 100 of 120" in page
    assert 'href="?order=wait&amp;page=3" rel="next"' in page


def test_one_page_offers_no_other() -> None:
    assert "<a" not in shown("{% pagination page_obj %}", page_obj=Paginator(range(3), 50).page(1))


def test_a_figure_without_data_is_a_dash_without_a_unit() -> None:
    text = re.sub(r"<[^>]+>", "", shown("{% stat 'Wait' value unit='d' n=0 %}", value=None))
    assert text.split() == ["Wait", "–", "n", "=", "0"]


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_refused_field_names_its_help_and_its_error() -> None:
    form = _Form({"name": "", "secret": ""})
    page = shown("{% form_errors form %}{% field form.name %}", form=form)
    assert 'aria-describedby="id_name_help id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'href="#id_name"' in page
    assert "2 entries need to be corrected" in page


def test_the_picture_breaks_at_gaps_and_at_phases() -> None:
    chart = component_samples.wait_chart()
    svg = picture.draw(chart, "wait")
    line = re.search(r'class="line" d="([^"]+)"', svg)
    limit = re.search(r'class="limit" d="([^"]+)"', svg)
    assert line
    assert limit
    assert line[1].count("M") == 2  # one gap
    assert limit[1].count("M") == 2  # two phases
    assert svg.count('class="violation"') == 3
    assert "second delivery at noon" in svg


def test_a_histogram_names_its_limits_and_can_be_read_as_a_table() -> None:
    spread = component_samples.wait_spread() | {"title": "<b>Waits</b>"}
    page = shown("{% histogram spread 'h' %}", spread=spread)
    assert "<b>" not in page
    assert page.count('<rect class="column') == 9
    assert page.count("column-outside") == 3, "colour, an outline and a word in the table"
    assert page.count("<td>yes</td>") == 3
    assert ">Upper limit</text>" in page
    assert "1 longer one is not drawn" in page
    assert not re.search(r"\sstyle=|\son[a-z]+=", page)


def test_a_pareto_chart_draws_a_column_a_cause_and_ends_at_all_of_them() -> None:
    counts = (("TORN", 6, 0.6, True), ("很长的缺陷代码名称", 3, 0.9, True), ("<b>", 1, 1.0, False))
    rows = [
        {"label": label, "name": label, "n": n, "cumulative": share, "vital": vital}
        for label, n, share, vital in counts
    ]
    page = shown("{% pareto causes 'p' %}", causes={"title": "Causes", "method": "n = 10", "rows": rows})
    assert "<b>" not in page
    assert page.count('<rect class="column') == 3
    assert page.count("column-minor") == 1
    heights = [float(one) for one in re.findall(r'height="([0-9.]+)"', page)]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == pytest.approx(2 * heights[1], rel=0.01)
    dots = [float(one) for one in re.findall(r'cy="([0-9.]+)"', page)]
    assert dots[-1] == 24.0, "all causes together are at the top, at 100 %"
    assert not re.search(r"\sstyle=|\son[a-z]+=", page)


def test_shares_are_written_as_percentages_unless_they_are_already() -> None:
    chart = component_samples.return_chart()
    assert "21.0\u00a0%" in shown("{% control_chart chart 'c' %}", chart=chart)
    assert picture.is_share(chart)
    assert not picture.is_share(chart | {"unit": "%"})
    assert not picture.is_share(component_samples.wait_chart())


@pytest.mark.parametrize("points", [[], [{"label": "W1", "value": None, "n": 0, "violations": []}]])
def test_a_chart_without_values_is_still_a_picture(points: list[dict[str, Any]]) -> None:
    chart = component_samples.wait_chart() | {"points": points, "centre": [None] * len(points), "phases": []}
    assert "<svg" in picture.draw(chart, "empty")


def test_a_sparkline_has_a_gap_where_there_is_no_value() -> None:
    assert sparklines.draw([1.0, None, 2.0, 3.0]).count("M") == 2
    assert sparklines.draw([None, None]) == ""


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 0.217), (-5.0, 5.0), (120.0, 100_000.0)])
def test_grid_lines_are_round_and_inside(low: float, high: float) -> None:
    ticks = scales.ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert low <= ticks[0] <= ticks[-1] <= high


@pytest.mark.parametrize("value", [None, "", 0, "a'b\"<&"])
@pytest.mark.parametrize("widget", [TextInput, NumberInput, HiddenInput, PasswordInput, FileInput, DateInput])
def test_lines_are_written_as_django_writes_them(widget: type[Input], value: object) -> None:
    asked = {"id": "line", "required": True, "disabled": False, "data-x": '<"&'}
    written = [
        widget(asked).render("na&me", value, {"maxlength": 5}, renderer) for renderer in (Renderer(), DjangoTemplates())
    ]
    assert written[0] == written[1].strip()
