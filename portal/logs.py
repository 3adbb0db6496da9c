"""JSON lines with the request's id and person. Nothing that was typed is logged."""

import logging
import re
import sys
import traceback

import structlog

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


class SafeJSON(structlog.processors.JSONRenderer):
    """Scrubs the whole line as it is written: whatever part of an event or traceback an address got into."""

    def __call__(self, logger: object, name: str, event: structlog.typing.EventDict) -> str:
        return without_secrets(str(super().__call__(logger, name, event)))


FRAMES = 12
"""Of each error in a chain: the last ones say where it is."""
LONGEST_CAUSE, LONGEST_TRACEBACK = 500, 8000


def cause_of(error: BaseException) -> str:
    """The error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_CAUSE]


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
            event["traceback"] = "".join(traceback.format_exception(error, limit=-FRAMES))[-LONGEST_TRACEBACK:]
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
