"""The audit trail: one append-only hash chain that is also the change feed of the product."""
