"""Is it the database, the cache or a disk that cannot be had just now?

Then nothing is wrong with the request or the code: the answer is a 503 page, and one line in the log.
"""

from __future__ import annotations

import errno
import sqlite3

import psycopg2

BUSY, GONE, FULL, READ_ONLY = "busy", "no answer", "full", "read-only"

SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_CANTOPEN: GONE,
    sqlite3.SQLITE_IOERR: GONE,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
}
"""By the primary result code: https://sqlite.org/rescode.html"""
POSTGRESQL = {
    "08": GONE,
    "57P": GONE,  # it shuts down, has crashed, or starts up
    "58": GONE,
    "40": BUSY,  # two waited for each other
    "55P03": BUSY,
    "57014": BUSY,
    "53100": FULL,
    "53": BUSY,
    "25006": READ_ONLY,
}
"""By how the code begins: https://www.postgresql.org/docs/15/errcodes-appendix.html"""
DISK = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: GONE,
    errno.ESTALE: GONE,
}


def why(error: BaseException | None) -> str:
    """In a word why something cannot be had, from an error or from what it came of; "" where that is not the reason."""
    while error is not None:
        if word := _why(error):
            return word
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ""


def _why(error: BaseException) -> str:
    match error:
        case sqlite3.Error():
            return SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "")
        case psycopg2.Error(pgcode=None):  # the client's own word: no connection was made, or it broke
            broke = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
            return GONE if broke or type(error) is psycopg2.DatabaseError else ""
        case psycopg2.Error():
            return next((word for code, word in POSTGRESQL.items() if error.pgcode.startswith(code)), "")
        case OSError():
            return DISK.get(error.errno or 0, "")
    return GONE if type(error).__module__ == "redis.exceptions" else ""
