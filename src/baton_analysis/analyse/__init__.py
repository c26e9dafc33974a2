"""From facts to measures, signals and a report, without a server: ``baton analyse``."""
