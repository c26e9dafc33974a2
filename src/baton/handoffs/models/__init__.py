"""Tables of the handoffs."""

from baton.handoffs.models.calls import CallPoint
from baton.handoffs.models.events import HandoffEvent, Predecessor
from baton.handoffs.models.figures import LinkFigures
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.judgements import Judgement, StageCheck
from baton.handoffs.models.ledger import LedgerEntry
from baton.handoffs.models.lines import DefectCode, HandoffLine
from baton.handoffs.models.paths import MeasuredPath, PathFigures
from baton.handoffs.models.photos import HandoffPhoto
from baton.handoffs.models.practice import LinkPractice
from baton.handoffs.models.returns import HandoffReturn
from baton.handoffs.models.settlement import LinkSettlement, SettlementClaim
from baton.handoffs.models.standing import StandingOrder
from baton.handoffs.models.tablets import SharedTablet
from baton.handoffs.models.values import MeasuredValue

__all__ = [
    "CallPoint",
    "DefectCode",
    "Handoff",
    "HandoffEvent",
    "HandoffLine",
    "HandoffPhoto",
    "HandoffReturn",
    "Judgement",
    "LedgerEntry",
    "LinkFigures",
    "LinkPractice",
    "MeasuredPath",
    "LinkSettlement",
    "MeasuredValue",
    "PathFigures",
    "SharedTablet",
    "Predecessor",
    "SettlementClaim",
    "StageCheck",
    "StandingOrder",
]
