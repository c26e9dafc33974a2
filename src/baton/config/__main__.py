"""``python -m baton.config`` is the console script ``baton``."""

from baton.config.cli import main

main()
