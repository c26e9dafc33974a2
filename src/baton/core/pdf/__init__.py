"""Documents as PDF: set by typst in a process of its own, in Noto Sans SC, from data that is never read as code.

    from baton.core.pdf.printing import printed

    made = printed(name="A-2026-0001-v2-en.pdf", layout=LAYOUT, data={"title": ..., ...})

A room lays out its documents in a ``.typ`` file below its templates; ``page.typ`` here is put before it and holds what
all of them share. Both see the data as ``data``. Same data, same bytes: no clock is read.
"""
