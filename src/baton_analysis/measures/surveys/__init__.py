"""Answers of surveys: service quality, NPS, satisfaction, effort, Kano; what to mend first; what belongs together."""

from baton_analysis.measures.surveys.answers import Answers, Given, Mean
from baton_analysis.measures.surveys.correlations import MissingRule
from baton_analysis.measures.surveys.differences import ScoreDifference, score_difference
from baton_analysis.measures.surveys.factorability import Adequacy, Factorability, ItemAdequacy, factorability
from baton_analysis.measures.surveys.factors import FactorItem, FactorLoadings, Rotation, factor_loadings
from baton_analysis.measures.surveys.importance import (
    Cut,
    Derivation,
    Importance,
    ImportanceItem,
    ImportancePerformance,
    Quadrant,
    importance_performance,
)
from baton_analysis.measures.surveys.kano import Kano, KanoCategory, KanoFeature, kano_categories, kano_of_counts
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
    "Cut",
    "Derivation",
    "EffortScore",
    "FactorItem",
    "FactorLoadings",
    "Factorability",
    "Given",
    "GroupReliabilities",
    "Importance",
    "ImportanceItem",
    "ImportancePerformance",
    "IndexItem",
    "ItemAdequacy",
    "Kano",
    "KanoCategory",
    "KanoFeature",
    "Mean",
    "MissingRule",
    "NetInterval",
    "NetPromoter",
    "Overall",
    "Quadrant",
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
    "importance_performance",
    "kano_categories",
    "kano_of_counts",
    "net_promoter",
    "satisfaction_index",
    "satisfied_share",
    "score_difference",
    "service_gaps",
    "service_performance",
]
