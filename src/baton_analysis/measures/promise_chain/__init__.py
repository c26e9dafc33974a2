"""Do the promises along a chain support what is promised to the customer at its end?"""

from __future__ import annotations

from baton_analysis.measures.promise_chain.chain import promise_chain
from baton_analysis.measures.promise_chain.model import ChainStep, FinalPromise
from baton_analysis.measures.promise_chain.result import Contradiction, ContradictionKind, PromiseChain, StepShare
from baton_analysis.measures.promise_chain.support import Support, Verdict, supported

__all__ = [
    "ChainStep",
    "Contradiction",
    "ContradictionKind",
    "FinalPromise",
    "PromiseChain",
    "StepShare",
    "Support",
    "Verdict",
    "promise_chain",
    "supported",
]
