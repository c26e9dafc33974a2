"""Answers of surveys: service quality, net promoter score, satisfaction, effort, and what differs between two."""

from baton_analysis.measures.surveys.answers import Answers, Given, Mean
from baton_analysis.measures.surveys.differences import ScoreDifference, score_difference
from baton_analysis.measures.surveys.net_promoter import NetInterval, NetPromoter, net_promoter
from baton_analysis.measures.surveys.satisfaction import (
    EffortScore,
    IndexItem,
    SatisfactionIndex,
    SatisfiedShare,
    effort_score,
    satisfaction_index,
    satisfied_share,
)
from baton_analysis.measures.surveys.service_quality import (
    Overall,
    QualityRow,
    ServiceQuality,
    service_gaps,
    service_performance,
)

__all__ = [
    "Answers",
    "EffortScore",
    "Given",
    "IndexItem",
    "Mean",
    "NetInterval",
    "NetPromoter",
    "Overall",
    "QualityRow",
    "SatisfactionIndex",
    "SatisfiedShare",
    "ScoreDifference",
    "ServiceQuality",
    "effort_score",
    "net_promoter",
    "satisfaction_index",
    "satisfied_share",
    "score_difference",
    "service_gaps",
    "service_performance",
]
