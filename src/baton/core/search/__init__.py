"""One search over the numbers, names and texts of all rooms.

A room says which of its records are found and by what (``registries.searchables``), and what of them a viewer sees
(``registries.search_sights``). The words stand in one table, kept by :mod:`baton.core.search.keeping`; the database's
own index on it is :mod:`baton.core.search.index`; :mod:`baton.core.search.finding` asks.
"""
