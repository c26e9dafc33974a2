"""Rows that a page does not draw again as long as they show the same."""

from __future__ import annotations

from itertools import count

from django import template
from django.template import Context, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from baton.core import vocabulary
from baton.core.versions import Memory

register = template.Library()

_KEPT: Memory[SafeString] = Memory(most=20_000)
"""By the place in the template, how its reader reads, and the key."""

_places = count()


class KeptNode(template.Node):
    """What stands between ``{% kept key %}`` and ``{% endkept %}``."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, key: FilterExpression, anew: dict[str, FilterExpression]) -> None:
        self.nodelist, self.key, self.place = nodelist, key, next(_places)
        self.anew = {name: (_mark(name), value) for name, value in anew.items()}

    def render(self, context: Context) -> SafeString:
        shows = self.key.resolve(context)
        if not shows:
            return self.nodelist.render(context)
        key = self.place, get_language(), get_current_timezone_name(), vocabulary.version(), shows
        drawn = _KEPT.peek(key)
        if drawn is None:
            with context.push(**{name: mark for name, (mark, _value) in self.anew.items()}):
                drawn = self.nodelist.render(context)
            _KEPT.keep(key, drawn)
        for mark, value in self.anew.values():
            # A token that nothing shows is not asked for: whoever gets one is sent a cookie.
            if mark in drawn:
                drawn = SafeString(drawn.replace(mark, escape(value.resolve(context))))
        return drawn


def _mark(name: str) -> SafeString:
    """Stands for a value that is put in anew; no text that somebody typed has this character."""
    return SafeString(f"\x00{name}\x00")


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept row.shows %}…{% endkept %}``: drawn once for all readers of a language and a time zone.

    The key says all values from which the content is made: a row that shows something else has another one. Without a
    key it is drawn each time. Nothing within may depend on who reads, and nothing on the request, but for what is
    named: ``{% kept row.shows csrf_token=csrf_token submission=row.submission %}`` puts these values in anew each time.
    Within, they may be shown as they are, and not be asked.
    """
    _name, key, *rest = token.split_contents()
    anew = token_kwargs(rest, parser)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, parser.compile_filter(key), anew)
