"""Event logs, and what they show: calls of two modules, which stand under one path."""

from baton.chain.api import found_in_logs
from baton.chain.api.event_logs import router

router.add_router("", found_in_logs.router)

__all__ = ["router"]
