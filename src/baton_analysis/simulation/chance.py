"""Chance by name: each thing that is drawn has a stream of its own, so that what is added changes nothing else."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from baton_analysis.errors import SimulationError, gettext_noop


def stream(seed: int, *names: str) -> np.random.Generator:
    """The stream of random numbers of that name; the same seed and name give the same numbers on every machine.

    Raises
    ------
    SimulationError
        A seed below 0.
    """
    if seed < 0:
        raise SimulationError(
            expected=gettext_noop("A seed is a whole number, 0 or more."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give one such as 1; the same seed gives the same organisation."),
            given=seed,
        )
    return np.random.Generator(np.random.PCG64([seed, *(crc32(name.encode()) for name in names)]))
