"""Chance by name: each thing that is drawn has a stream of its own, so that what is added changes nothing else."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """The stream of random numbers of that name; the same seed and name give the same numbers on every machine."""
    return np.random.Generator(np.random.PCG64([seed, *(crc32(name.encode()) for name in names)]))
