"""How a signature stands in every readable form: pages, paper, files (21 CFR 11.50(b))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.core import formats, registries
from baton.core.models.signatures import GRADES, MEANINGS
from baton.core.queries import Fate, SignatureStanding
from baton.core.signatures import short
from baton.core.signing_rules import Grade, Meaning
from baton.core.texts import say

if TYPE_CHECKING:
    from baton.core.models import Signature

FATES = {
    Fate.HOLDS: pgettext_lazy("a signature", "holds"),
    Fate.CHANGED: _("void: changed after it was signed"),
    Fate.GONE: _("void: the record is no more"),
    Fate.FORGED: _("not as it was written in the audit trail"),
}
STATUSES = {Fate.HOLDS: "kept", Fate.CHANGED: "broken", Fate.GONE: "broken", Fate.FORGED: "broken"}
MEANS = {
    "sign_in_name": _("sign-in name"),
    "password": _("password"),
    "code": _("one-time code"),
    "passkey": _("passkey"),
    "link": _("task link"),
    "link_code": _("code of the task link"),
    "scan": _("scan of the paper copy"),
}


def lines(standing: SignatureStanding) -> list[tuple[str, str]]:
    """Label and value of everything that is said of a signature, in the reader's language."""
    given = standing.signature
    said = [
        (gettext("Printed name"), say(given.printed_name)),
        (gettext("Meaning"), meaning_of(given)),
        (gettext("Side"), side_of(given)),
        (gettext("As"), say(given.capacity)),
        (gettext("Time (UTC)"), f"{given.signed_at:%Y-%m-%d %H:%M:%S}"),
        (gettext("Time (local)"), local_time_of(given)),
        (gettext("How"), how_of(given)),
        (gettext("Mark of the version"), short(given.digest)),
        (gettext("Entry of the audit trail"), str(given.changed_seq)),
        (gettext("State"), str(FATES[standing.fate])),
    ]
    return [(label, value) for label, value in said if value]


def in_a_line(standing: SignatureStanding) -> str:
    """All of :func:`lines` in one cell of a table."""
    return formats.remarks(formats.labelled(label, value) for label, value in lines(standing))


def meaning_word(meaning: Meaning) -> str:
    """What a meaning is called."""
    return str(MEANINGS[meaning])


def meaning_of(given: Signature) -> str:
    return meaning_word(Meaning(given.meaning))


def side_of(given: Signature) -> str:
    """What the side is called for which it was signed; empty where there are none."""
    kind = given.object_kind
    sides = registries.signables.get(kind).sides if kind in registries.signables else {}
    return str(sides.get(given.side, given.side))


def local_time_of(given: Signature) -> str:
    """``2026-06-01 20:00:00 +08:00 (Asia/Shanghai)``."""
    offset = f"{given.local_time:%z}"
    return f"{given.local_time:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]} ({given.zone})"


def how_of(given: Signature) -> str:
    """The grade, and what was asked for."""
    grade, means = str(GRADES[Grade(given.grade)]), [str(MEANS.get(one, one)) for one in given.means]
    return formats.labelled(grade, formats.listing(means)) if means else grade
