"""JSON lines with the request's id and person. Nothing that was typed is logged."""

import logging
import re

import structlog

SECRET_PATH = re.compile(r"(/calendar/)[^/\s]+(?=/)")


def without_secrets(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A calendar's secret address stands in no log."""
    return {
        key: SECRET_PATH.sub(r"\1[secret]", value) if isinstance(value, str) else value for key, value in event.items()
    }


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_secrets,
]


def json_formatter() -> logging.Formatter:
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED, processor=structlog.processors.JSONRenderer(default=str)
    )
