"""Ratings of groups and by raters: can means be compared, who rates mildly, and who favours whom in return?"""

from baton_analysis.measures.raters.intraclass import IntraclassCorrelation, intraclass_correlation
from baton_analysis.measures.raters.reciprocity import FEWEST_WAVES, RatingBias, rating_bias
from baton_analysis.measures.raters.severity import RaterEffects, rater_effects
from baton_analysis.measures.raters.shrinkage import ShrunkenMeans, shrunken_means
from baton_analysis.measures.raters.weighting import WeightedMean, value_weighted_mean
from baton_analysis.measures.raters.within_group import WithinGroupAgreement, within_group_agreement

__all__ = [
    "FEWEST_WAVES",
    "IntraclassCorrelation",
    "RaterEffects",
    "RatingBias",
    "ShrunkenMeans",
    "WeightedMean",
    "WithinGroupAgreement",
    "intraclass_correlation",
    "rater_effects",
    "rating_bias",
    "shrunken_means",
    "value_weighted_mean",
    "within_group_agreement",
]
