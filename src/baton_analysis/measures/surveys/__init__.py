"""Answers of surveys: service quality, net promoter score, satisfaction, effort; whether items belong together."""

from baton_analysis.measures.surveys.answers import Answers, Given, Mean
from baton_analysis.measures.surveys.correlations import MissingRule
from baton_analysis.measures.surveys.differences import ScoreDifference, score_difference
from baton_analysis.measures.surveys.factorability import Adequacy, Factorability, ItemAdequacy, factorability
from baton_analysis.measures.surveys.factors import FactorItem, FactorLoadings, Rotation, factor_loadings
from baton_analysis.measures.surveys.net_promoter import NetInterval, NetPromoter, net_promoter
from baton_analysis.measures.surveys.reliability import RELIABLE, Reliability, ScaleItem, cronbach_alpha
from baton_analysis.measures.surveys.reliability_of_groups import GroupReliabilities, cronbach_alphas
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
    "Adequacy",
    "Answers",
    "EffortScore",
    "FactorItem",
    "FactorLoadings",
    "Factorability",
    "Given",
    "GroupReliabilities",
    "IndexItem",
    "ItemAdequacy",
    "Mean",
    "MissingRule",
    "NetInterval",
    "NetPromoter",
    "Overall",
    "QualityRow",
    "RELIABLE",
    "Reliability",
    "Rotation",
    "SatisfactionIndex",
    "SatisfiedShare",
    "ScaleItem",
    "ScoreDifference",
    "ServiceQuality",
    "cronbach_alpha",
    "cronbach_alphas",
    "effort_score",
    "factor_loadings",
    "factorability",
    "net_promoter",
    "satisfaction_index",
    "satisfied_share",
    "score_difference",
    "service_gaps",
    "service_performance",
]
