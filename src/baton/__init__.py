"""Baton: everybody has a customer; the next process is your customer.

The SQLite library is chosen here, before anything else can open a database. Two SQLite libraries in one process cancel
each other's file locks, and the library that ships with older systems (3.7.0 to 3.51.2) can corrupt a write-ahead log
when it is reset; the ``pysqlite3`` wheel carries a mended one.
"""

import sys

__version__ = "0.1.0"


def _choose_sqlite_library() -> None:
    import sqlite3

    if sqlite3.sqlite_version_info >= (3, 51, 3):
        return
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


_choose_sqlite_library()
