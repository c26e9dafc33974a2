"""House of quality (QFD): which characteristics of the work serve what the customer needs, and how sure is that?"""

from __future__ import annotations

from baton_analysis.measures.house_of_quality.model import (
    LARGEST,
    RELATIONS,
    SALES_POINTS,
    SIGNS,
    Characteristic,
    Direction,
    Need,
    Sign,
)
from baton_analysis.measures.house_of_quality.result import (
    CharacteristicWeight,
    Conflict,
    HouseOfQuality,
    NeedWeight,
    Weight,
)
from baton_analysis.measures.house_of_quality.sensitivity import Reversal, Robustness, Sensitivity
from baton_analysis.measures.house_of_quality.weights import house_of_quality

__all__ = [
    "LARGEST",
    "RELATIONS",
    "SALES_POINTS",
    "SIGNS",
    "Characteristic",
    "CharacteristicWeight",
    "Conflict",
    "Direction",
    "HouseOfQuality",
    "Need",
    "NeedWeight",
    "Reversal",
    "Robustness",
    "Sensitivity",
    "Sign",
    "Weight",
    "house_of_quality",
]
