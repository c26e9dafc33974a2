"""Every ready-made beginning: the demonstration, and the sectors."""

from baton.starters.changes.demo import LoadedDemo, load_demo
from baton.starters.changes.sectors import LoadedSector, load_sector

__all__ = ["LoadedDemo", "LoadedSector", "load_demo", "load_sector"]
