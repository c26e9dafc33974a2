"""QR codes on scans of signed paper: :mod:`baton.core.scanning.asking` has them read by a process of their own,
:mod:`baton.core.scanning.reader`, which loads nothing else of Baton."""
