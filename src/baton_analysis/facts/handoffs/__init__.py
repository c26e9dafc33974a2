"""Handoffs: one row each, with net business time against its promise."""

from __future__ import annotations

from baton_analysis.facts.handoffs.columns import HANDOFFS, FactColumn, check_handoffs, handoff_schema

__all__ = ["HANDOFFS", "FactColumn", "check_handoffs", "handoff_schema"]
