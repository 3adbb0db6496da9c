"""JSON lines with the request's id and person, without what was typed.

Of an address the names of its parameters are logged, and of an error that quotes what it was given its kind and code.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator

import psycopg2
import structlog
from django.core.exceptions import ValidationError
from django.db import utils
from django.http import HttpRequest

from portal.away import why

SECRETS = re.compile(
    r"""(?<!people)(?P<before>(?:/|%2F)(?:
        calendar
        | search(?:/|%2F)feed
        | invitations
        | notices(?:/|%2F)off
        | accounts(?:/|%2F)confirm-email
        | accounts(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key
    )(?:/|%2F))(?!(?:address|revoke)\b)(?P<secret>[^/\s"'?%]+(?:%(?!2F)[^/\s"'?%]+)*)(?=/|%2F)""",
    re.VERBOSE | re.IGNORECASE,
)
"""Where an address is itself the key: a calendar's feed, an invitation, a mail's switch, a password's reset."""


def without_secrets(text: str) -> str:
    """The text with "[secret]" for the part of an address that lets in whoever knows it."""
    return SECRETS.sub(r"\g<before>[secret]", text)


LONGEST_PATH = 500
_NAME = re.compile(r"[A-Za-z_][\w-]{0,40}", re.ASCII)


def path_of(request: HttpRequest) -> str:
    """Its path, with the names of its parameters where they have one."""
    path = request.get_full_path().partition("?")[0]
    names = [part.partition("=")[0] for part in request.META.get("QUERY_STRING", "").split("&")]
    named = "&".join(name for name in names if _NAME.fullmatch(name))
    return f"{path}?{named}"[:LONGEST_PATH] if named else path[:LONGEST_PATH]


class SafeJSON(structlog.processors.JSONRenderer):
    """Scrubs the whole line as it is written: whatever part of an event or traceback an address got into."""

    def __call__(self, logger: object, name: str, event: structlog.typing.EventDict) -> str:
        return without_secrets(str(super().__call__(logger, name, event)))


FRAMES = 12
"""Of each error in a chain: the last ones say where it is."""
LONGEST_CAUSE, LONGEST_TRACEBACK = 500, 8000


_QUOTING = (
    *(ValueError, LookupError, ValidationError),
    *(utils.DataError, utils.IntegrityError, utils.InternalError, utils.NotSupportedError, utils.ProgrammingError),
    *(psycopg2.DataError, psycopg2.IntegrityError, psycopg2.InternalError),
    *(psycopg2.NotSupportedError, psycopg2.ProgrammingError),
)
"""What says "Key (email)=(ann@kaneland.example) already exists", or "expected a number but got 'Ann'"."""


def cause_of(error: BaseException) -> str:
    """The error in one line."""
    return " ".join(f"{type(error).__name__}: {_said(error)}".split()).removesuffix(":")[:LONGEST_CAUSE]


def _said(error: BaseException) -> str:
    """What it says; where that would quote what it was given, its code, "" where it has none."""
    if not isinstance(error, _QUOTING):
        return str(error)
    codes = (getattr(each, name, "") for each in _chain(error) for name in ("pgcode", "sqlite_errorname", "code"))
    return next((str(code) for code in codes if code), "")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """It, and what it came of."""
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        yield found
        seen.add(id(found))
        found = found.__cause__ or found.__context__


def _traceback(error: BaseException) -> str:
    written = "".join(traceback.format_exception(error, limit=-FRAMES))
    for each in _chain(error):
        if isinstance(each, _QUOTING):
            written = written.replace(f": {each}\n", f": {_said(each)}\n")
    return written[-LONGEST_TRACEBACK:]


def tell_cause(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An error as its `cause` and the end of its `traceback`; without that where the database or a disk is away."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["cause"] = cause_of(error)
        if not why(error):
            event["traceback"] = _traceback(error)
    return event


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_cause,
]
PROCESSORS = [*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
"""One list for good: a logger keeps the one it first wrote with, and what captures lines changes it in place."""


def json_formatter() -> logging.Formatter:
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processor=SafeJSON(default=str))
