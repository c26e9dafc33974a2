"""Organisations with a known truth: for the demo, the tests and the benchmarks.

>>> from datetime import date
>>> from baton_analysis.simulation import PlantedFault, organisation, simulate
>>> small = organisation(parties=5, links=8, seed=1)
>>> fault = PlantedFault(small.links[0].pair, "shift", start=date(2026, 3, 2), size=3)
>>> year = simulate(small, seed=1, first=date(2026, 1, 5), end=date(2026, 6, 28), faults=[fault])
>>> year.handovers.columns
['subject', 'case', 'at', 'day', 'week', 'wait_seconds', 'returned']
"""

from baton_analysis.simulation.description import (
    Buyers,
    Flow,
    Link,
    Load,
    Organisation,
    Party,
    PlantedFault,
    Rating,
    Step,
)
from baton_analysis.simulation.generated import organisation
from baton_analysis.simulation.running import SimulatedYear, simulate, weekly_waits
from baton_analysis.simulation.writing import write_facts, write_log

__all__ = [
    "Buyers",
    "Flow",
    "Link",
    "Load",
    "Organisation",
    "Party",
    "PlantedFault",
    "Rating",
    "SimulatedYear",
    "Step",
    "organisation",
    "simulate",
    "weekly_waits",
    "write_facts",
    "write_log",
]
