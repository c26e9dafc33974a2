"""The components that pages are built from; ``/components/`` shows each of them alive.

``{% load baton %}`` and use. Block tags take everything up to their ``end…`` tag as content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from baton.core import formats, icons, registries, texts, vocabulary
from baton.core.actors import NOBODY
from baton.core.addresses import address_of
from baton.core.charts import sparklines
from baton.core.fields import dressed
from baton.core.navigation import Places, places
from baton.core.templatetags import kept_tags, list_tags, picture_tags, signature_tags
from baton.core.templatetags.rendering import STATUSES, component, request_of

register = template.Library()
MOST_DECIMALS = 9
for part in (kept_tags, list_tags, picture_tags, signature_tags):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

# Text and figures -----------------------------------------------------------------------------------------------------


@register.filter
def say(value: Mapping[str, str] | None) -> str:
    """``{{ party.name|say }}``: the text in the reader's language."""
    return texts.say(value)


@register.filter
def visible(value: str) -> str:
    """A name as a foreign file gives it: what cannot be seen, such as marks of direction, stands as its code."""
    return texts.visible(value)


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """``{{ n|number }}`` → 1,234; ``{{ x|number:1 }}`` → 0.5; nothing → –."""
    return formats.number(value, digits)


@register.filter
def as_entered(value: float) -> str:
    """``{{ value|as_entered }}`` → 0.0125: all the decimals that somebody gave, and no others."""
    return formats.trimmed(value, MOST_DECIMALS)


@register.filter
def money(amount: Any) -> str:
    """``{{ cost|money }}`` → 1,234.50 EUR; nothing → –."""
    return formats.money(amount)


@register.filter
def listing(items: Iterable[object]) -> str:
    """``{{ held.scope_words|listing }}`` → a, b, c; in Chinese a、b、c."""
    return formats.listing(items)


@register.filter
def remarks(items: Iterable[object]) -> str:
    """``{{ point.violations|remarks }}``: one after the other, as the reader's language divides them."""
    return formats.remarks(items)


@register.filter
def labelled(label: object, value: object) -> str:
    """``{{ act.label|labelled:rows }}`` → Label: value, as the reader's language writes it."""
    return formats.labelled(label, value)


@register.simple_tag
def colon() -> str:
    """``{{ name }}{% colon %}<a …>``: a colon where a filter cannot write it, as the reader's language writes it."""
    return formats.labelled("", "")


@register.filter
def percent(value: Any, digits: int = 1) -> str:
    """``{{ 0.123|percent }}`` → 12.3 %; the value is a share between 0 and 1."""
    return formats.percent(value, digits)


@register.filter
def duration(value: Any) -> str:
    """``{{ seconds|duration }}`` → 45 s, 12 min, 5.2 h, 1.1 d."""
    return formats.duration(value)


@register.filter
def day(value: Any) -> str:
    """``{{ at|day }}`` → 21 Nov 2026, in the reader's zone."""
    return formats.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """``{{ at|moment }}`` → 21 Nov 2026, 14:05 in the reader's zone, as a ``<time>`` that carries the exact moment."""
    if value is None:
        return formats.MISSING
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


@register.simple_tag
def address(name: str, public_id: str) -> str:
    """``{% address "chain:link" link.public_id %}``: as ``url``, quicker, where a page leads to many records."""
    return address_of(name, public_id)


# Signs ----------------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """``{% icon "truck" %}``: decoration beside a word; with ``label`` it speaks for itself."""
    return icons.draw(name, label, size)


@register.simple_tag
def status(code: str, label: str = "") -> SafeString:
    """``{% status "at_risk" %}``: colour, icon and word; ``label`` replaces the usual word.

    Codes: kept, at_risk, broken (of what was promised), in_control, signal (of what a control chart says), unknown,
    info. Any other code is a ValueError.
    """
    if code not in STATUSES:
        raise ValueError(f"no status {code!r}; there are: {', '.join(STATUSES)}")
    sign, word = STATUSES[code]
    return _status(code, sign, str(label or word))


@lru_cache(maxsize=4096)
def _status(code: str, sign: str, label: str) -> SafeString:
    css = code.replace("_", "-")
    return format_html('<span class="status status-{}">{}<span>{}</span></span>', css, icons.draw(sign), label)


@register.simple_tag
def badge(label: str, icon_name: str = "") -> SafeString:
    """``{% badge "Team" "users" %}``: a neutral mark such as a kind; never a status."""
    return format_html('<span class="tag">{}{}</span>', icons.draw(icon_name, size=14) if icon_name else "", label)


@register.simple_tag
def confidence(n: Any, low: Any = None, high: Any = None, unit: str = "", level: int = 95) -> SafeString:
    """``{% confidence n low high "d" %}`` → “n = 41, 95 % interval 0.9 to 1.4 d”; figures are written as given."""
    if n is None:
        return format_html('<span class="confidence">{}</span>', gettext("no data"))
    words = gettext("n = {n}").format(n=formats.number(n))
    if low is not None and high is not None:
        words = gettext("n = {n}, {level} % interval {low} to {high} {unit}").format(
            n=formats.number(n), level=level, low=low, high=high, unit=unit
        )
    return format_html('<span class="confidence">{}</span>', words.strip())


@register.simple_tag
def sparkline(values: Iterable[float | None], label: str = "", centre: float | None = None) -> SafeString:
    """``{% sparkline values "Median wait, last 26 weeks" %}``: a small line drawn by the server; gaps stay gaps."""
    return sparklines.draw(list(values), label, centre)


# Frames ---------------------------------------------------------------------------------------------------------------


@register.simple_tag
def head() -> SafeString:
    """``{% head %}``: what stands in the head of every page; the same for everybody, and made once."""
    return _head()


@cache
def _head() -> SafeString:
    return SafeString(render_to_string("core/_head.html"))


@register.simple_block_tag(end_name="endpage_header")
def page_header(content: str, title: str, subtitle: str = "", icon: str = "") -> SafeString:
    """``{% page_header title subtitle %}actions{% endpage_header %}``: the page's one h1 and its actions."""
    return component("page_header", actions=content, title=title, subtitle=subtitle, icon=icon)


@register.simple_block_tag(end_name="endcard")
def card(
    content: str, title: str = "", icon: str = "", id: str = "", flush: bool = False, note: str = ""
) -> SafeString:
    """``{% card title %}…{% endcard %}``: a section with an h2.

    ``flush=True`` lets a table reach the card's edge; ``note`` stands small beside the title (where figures come from).
    """
    return component("card", content=content, title=title, icon=icon, id=id, flush=flush, note=note)


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, icon: str, title: str, text: str = "") -> SafeString:
    """``{% empty_state "inbox" title text %}actions{% endempty_state %}``: what will stand here, how to begin."""
    return component("empty_state", actions=content, icon=icon, title=title, text=text)


@register.simple_block_tag(end_name="endfilter_bar")
def filter_bar(content: str, action: str = "", label: str = "", reset: str = "", button: str = "") -> SafeString:
    """``{% filter_bar %}fields{% endfilter_bar %}``: a GET form above a list; ``reset`` clears the filters. ``button``
    names what it does where that is no filtering."""
    return component("filter_bar", content=content, action=action, label=label, reset=reset, button=button)


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str) -> SafeString:
    """``{% dialog "end-link" title %}…{% enddialog %}``: opened by ``<button data-dialog="end-link">``."""
    return component("dialog", content=content, id=id, title=title)


@register.simple_block_tag(end_name="endalert")
def alert(content: str, code: str = "info", title: str = "") -> SafeString:
    """``{% alert "at_risk" title %}…{% endalert %}``: a message that stays in the page."""
    sign, word = STATUSES[code]
    return component("alert", content=content, code=code.replace("_", "-"), sign=sign, word=word, title=title)


@register.simple_tag
def stat(
    label: str,
    value: Any,
    unit: str = "",
    n: Any = None,
    interval: str = "",
    status: str = "",
    href: str = "",
    word: str = "",
) -> SafeString:
    """``{% stat "Median wait" "1.1" unit="d" n=41 interval="0.9 to 1.4" %}``: one figure that shows its n and interval.

    ``value`` is shown as given: format it first. ``status`` adds a status, ``word`` replaces its usual word; ``href``
    leads to the records behind it.
    """
    shown = formats.MISSING if value is None else value
    return component(
        "stat",
        label=label,
        value=shown,
        unit=unit,
        n=n,
        interval=interval,
        status=status,
        word=word,
        href=href,
        known=value is not None,
    )


@register.simple_tag
def breadcrumb(*steps: Any) -> SafeString:
    """``{% breadcrumb _("Parties") parties_url party.name|say %}``: label and address in turn, the last without."""
    pairs = list(zip(steps[0:-1:2], steps[1:-1:2], strict=False)) if len(steps) > 1 else []
    return component("breadcrumb", steps=pairs, here=steps[-1] if len(steps) % 2 else "")


@register.simple_tag
def tabs(items: Sequence[tuple[str, str, Any]], current: str, label: str = "") -> SafeString:
    """``{% tabs items current %}``: links to the parts of one subject; an item is (key, label, address)."""
    return component("tabs", items=items, current=current, label=label)


@register.simple_tag
def timeline(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """``{% timeline entries %}``: what happened, newest first.

    An entry has ``title`` and may have ``at`` (moment), ``who``, ``text``, ``icon``, ``status``, ``href``.
    """
    return component("timeline", entries=entries)


@register.simple_tag
def definitions(pairs: Iterable[tuple[str, Any]]) -> SafeString:
    """``{% definitions pairs %}``: a list of terms and what they are for this record; (term, value)."""
    return component("definitions", pairs=pairs)


@register.simple_tag
def progress(value: int, maximum: int, label: str, url: str = "", id: str = "progress") -> SafeString:
    """``{% progress done total label url %}``: how far a long job is.

    With ``url`` the fragment asks that address every two seconds and is replaced by what it answers: again a
    ``progress``, or (when the job is done) the result.
    """
    share = min(1.0, value / maximum) if maximum else 0.0
    return component("progress", value=value, maximum=maximum, share=share, label=label, url=url, id=id)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> Places:
    """``{% navigation as own_places %}``: the pages that the reader may open, and the tabs of the one that he is on. No
    page uses the name: what it is given would be hidden behind it."""
    request = request_of(context)
    return places(context.get("actor") or NOBODY, request.path if request is not None else "")


@register.simple_tag
def navigation_part(template: str, own_places: Places) -> SafeString:
    """``{% navigation_part "core/_navigation.html" own_places %}``: half of the frame of every page, drawn once for all
    pages and readers for whom the same stands in it."""
    return _navigation_part(template, own_places, get_language() or "", vocabulary.version())


@lru_cache(maxsize=512)
def _navigation_part(template: str, own_places: Places, language: str, words: int) -> SafeString:
    return SafeString(render_to_string(template, {"places": own_places, "sections": own_places.sections}))


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str) -> SafeString:
    """``{% panels "entrance" %}``: what rooms offer for a place that is about no record, in their order."""
    request = request_of(context)
    if request is None:
        return SafeString("")
    shown = []
    for _name, panel in registries.panels_of(slot):
        values = panel.context(request, registries.Subject(kind=slot, public_id=""))
        if values is not None:
            shown.append(render_to_string(panel.template, values, request))
    return SafeString("".join(shown))


@register.simple_tag
def message_code(message: Message) -> str:
    """``{% message_code message as code %}``: the status code under which a message of Django's is shown."""
    return {"success": "kept", "warning": "at_risk", "error": "broken"}.get(message.level_tag, "info")


# Forms ----------------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, label: str = "", help: str = "", width: str = "") -> SafeString:
    """``{% field form.name %}``: label, help, control and what is wrong with it, tied together for screen readers.

    ``width`` is "short" (numbers, dates), "medium" or empty (full).
    """
    return component("field", **dressed(bound, label=label, help=help, width=width))


@register.simple_tag
def form_errors(form: BaseForm, focus: bool = True) -> SafeString:
    """``{% form_errors form %}``: what is to be mended, above the form, with a link to each field; takes the focus."""
    if not form.errors:
        return SafeString("")
    beside = [(bound, error) for bound in form for error in bound.errors]
    return component("form_errors", form=form, beside=beside, focus=focus)


@register.simple_tag
def stale(rows: Iterable[tuple[str, Any, Any]]) -> SafeString:
    """``{% stale rows %}``: somebody saved meanwhile; (label, yours, what now stands) for each field that differs."""
    return component("stale", rows=rows)
