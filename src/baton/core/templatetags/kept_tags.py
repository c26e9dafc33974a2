"""Rows that a page does not draw again as long as they show the same."""

from __future__ import annotations

from itertools import count

from django import template
from django.template import Context, NodeList
from django.template.base import FilterExpression, Parser, Token
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

    def __init__(self, nodelist: NodeList, key: FilterExpression) -> None:
        self.nodelist, self.key, self.place = nodelist, key, next(_places)

    def render(self, context: Context) -> SafeString:
        shows = self.key.resolve(context)
        if not shows:
            return self.nodelist.render(context)
        key = self.place, get_language(), get_current_timezone_name(), vocabulary.version(), shows
        return _KEPT.get(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept row.shows %}…{% endkept %}``: drawn once for all readers of a language and a time zone.

    The key says all values from which the content is made: a row that shows something else has another one. Without a
    key it is drawn each time. Nothing within may depend on who reads, and nothing on the request, such as the token
    of a form.
    """
    _name, key = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, parser.compile_filter(key))
