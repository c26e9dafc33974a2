"""The organisation renames words of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from baton.core import policy, vocabulary
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.models import RenamedWord
from baton.core.texts import clean_text
from baton.core.words import ALLOWED, DEFAULTS, FORM_LENGTH, Forms, Key
from baton_analysis.errors import gettext_noop


def rename_words(*, by: Actor, at: datetime, forms: Mapping[Key, Forms]) -> int:
    """Call these words so from now on, in every process; empty forms, or the default ones, take the default back.

    Returns how many changed. Refused: anything but letters and digits with single blanks, hyphens or slashes between.
    """
    policy.demand(policy.may_rename_words(by))
    wanted = {key: _checked(key, given) for key, given in forms.items()}
    changed = 0
    with change(by=by, at=at) as trail:
        known = {(row.word, row.language): row for row in RenamedWord.objects.all()}
        for key, given in wanted.items():
            if given == DEFAULTS[key]:
                given = Forms("")
            row = known.get(key)
            if row is None:
                if not given.singular:
                    continue
                row = RenamedWord(word=key[0], language=key[1])
            elif (row.singular, row.plural) == (given.singular, given.plural):
                continue
            else:
                row = trail.lock(RenamedWord, row)
            row.singular, row.plural = given.singular, given.plural
            trail.save(row, "renamed_word.said")
            changed += 1
        transaction.on_commit(vocabulary.tell_everybody)
    return changed


def _checked(key: Key, given: Forms) -> Forms:
    if key not in DEFAULTS:
        raise ValueError(f"no word {key}")
    said = Forms(clean_text(given.singular), clean_text(given.plural))
    for form in (said.singular, said.plural):
        if form and (len(form) > FORM_LENGTH or not ALLOWED.fullmatch(form)):
            raise Refused(
                field=field_of(key, plural=form == said.plural and form != said.singular),
                expected=gettext_noop(
                    "Expected letters and digits, with single blanks, hyphens or slashes between, at most {most}."
                ),
                found=gettext_noop("Found “{form}”."),
                remedy=gettext_noop("Write the word alone."),
                most=FORM_LENGTH,
                form=form[: FORM_LENGTH * 2],
            )
    if said.plural and not said.singular:
        raise Refused(
            field=field_of(key),
            expected=gettext_noop("Expected the singular, too."),
            remedy=gettext_noop("Write both, or none to keep the word as it was."),
        )
    return said


def field_of(key: Key, *, plural: bool = False) -> str:
    """Name of the input of a form of a word."""
    return f"{key[0]}-{key[1]}-{'plural' if plural else 'singular'}"
