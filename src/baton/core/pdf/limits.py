"""How much a document may take. Measured: 40 clauses on 10 pages take 0.14 s and 158 MiB, most of it to start."""

MEMORY = 1536 * 1024**2
"""Bytes of address space of the process that sets a document."""

SECONDS = 20
"""After so long it is stopped."""

LONGEST_WORD = 24
"""A word of more characters is broken where the line ends; none may run over the edge of the paper."""
