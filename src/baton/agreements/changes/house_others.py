"""How others who could serve the customer meet a need of a house of quality."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from baton.agreements.changes.houses import to_edit_house, touch_house
from baton.agreements.models import HouseNeed
from baton.agreements.rules.houses import MOST_OTHERS, OTHER_LENGTH, RATINGS
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused, TooLong
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop


def rate_others(
    *, by: Actor, at: datetime, need: HouseNeed, ratings: Mapping[str, int], expected_seq: int | None = None
) -> HouseNeed:
    """Say how well others meet the need, from 1 to 5, by their name; empty: nobody is compared.

    Refused: a rating off the scale, a name that is empty, too long or stands there twice, and more than
    :data:`MOST_OTHERS`.
    """
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, need.house)
        held = trail.lock(HouseNeed, need, expected_seq=expected_seq)
        held.others = _checked(ratings)
        held = trail.save(held, "house_need.compared")
        touch_house(trail, house)
        return held


def _checked(ratings: Mapping[str, int]) -> dict[str, int]:
    named = {" ".join(clean_text(name).split()): rating for name, rating in ratings.items()}
    if len(named) != len(ratings) or len(named) > MOST_OTHERS:
        raise Refused(
            field="others",
            expected=gettext_noop("Expected up to {most} others, each once."),
            found=gettext_noop("Found {count} names."),
            remedy=gettext_noop("Name those to whom the customer would go."),
            most=MOST_OTHERS,
            count=len(ratings),
        )
    for name, rating in named.items():
        if len(name) > OTHER_LENGTH:
            raise TooLong(field="others", most=OTHER_LENGTH, length=len(name))
        if not name or rating not in RATINGS:
            raise Refused(
                field="others",
                expected=gettext_noop("Expected a name and a rating from 1 to 5."),
                found=gettext_noop("Found “{name}” with {rating}."),
                remedy=gettext_noop("Correct the line: name, colon, rating."),
                name=name,
                rating=rating,
            )
    return named
