"""The tables that come in: declared columns, units, time zone, checks at the door."""
