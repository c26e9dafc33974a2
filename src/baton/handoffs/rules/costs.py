"""Whose cost is whose. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping

from baton.agreements.rules import Side

COST_OF: Mapping[Side, str] = {Side.SUPPLIER: "supplier_cost", Side.CUSTOMER: "customer_cost"}
"""Of each side the name of what it cost this side that something was not right."""
