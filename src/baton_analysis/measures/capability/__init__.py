"""Process capability: does a steady process stay within its specification limits?

Cp and Cpk use the standard deviation within subgroups (what the process can do while nothing shifts it), Pp and Ppk
that of all values (what it did). Montgomery, Introduction to Statistical Quality Control, chapter 8.
"""

from baton_analysis.measures.capability.judging import ENOUGH_VALUES, NOT_STABLE, Floats, capability
from baton_analysis.measures.capability.model import VERSION, Capability, CapabilityIndex, Transform, Within
from baton_analysis.measures.capability.normality import anderson_darling

__all__ = [
    "Capability",
    "CapabilityIndex",
    "ENOUGH_VALUES",
    "Floats",
    "NOT_STABLE",
    "Transform",
    "VERSION",
    "Within",
    "anderson_darling",
    "capability",
]
