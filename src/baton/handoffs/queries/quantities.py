"""How much of the lines of a handoff is owed, and how much is missing of which nobody has said so yet."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q, Sum

from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, HandoffLine, HandoffReturn
from baton.handoffs.rules import NOT_COUNTED, OWED_BACK, ReturnState

_NOTHING = Decimal(0)


def owed_of_lines(*, viewer: Actor, handoff: Handoff) -> dict[int, Decimal]:
    """How much the supplier owes of the lines (keys) of a handoff, because it came back or is missing. The caller has
    made sure that ``viewer`` sees the handoff. One query."""
    if not may_use(viewer):
        return {}
    owed = HandoffReturn.objects.filter(handoff=handoff, state__in=sorted(OWED_BACK), line__isnull=False)
    return {line: total for line, total in owed.values_list("line").annotate(Sum("quantity")) if total}


def unclaimed_of(*, viewer: Actor, line: HandoffLine) -> Decimal:
    """How much of what was ordered the customer has not got, and has not said to be missing or sent back. What was made
    good by another delivery is no claim any more, what was credited is. The caller has made sure that ``viewer`` sees
    the line. One query."""
    held = line.quantities.held
    if not may_use(viewer) or line.ordered is None or held is None:
        return _NOTHING
    delivered_again = Q(state=ReturnState.SETTLED, settlement="")
    claims = HandoffReturn.objects.filter(line=line).exclude(state__in=sorted(NOT_COUNTED))
    standing = claims.exclude(delivered_again).aggregate(total=Sum("quantity"))["total"] or _NOTHING
    # What was refused when it was entered as accepted already has no return.
    entered = (line.refused or _NOTHING) if not claims.exists() else _NOTHING
    unclaimed: Decimal = line.ordered - held - standing - entered
    return max(_NOTHING, unclaimed)
