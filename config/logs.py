"""Logs: one JSON object a line on stderr, with the request's id and without personal data.

Django and gunicorn put paths, addresses and exception texts into what they log, and any of these can carry
a petition's secret or a citizen's words. So their arguments are dropped, and of an exception only its type
and the places it passed through are kept.
"""

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

OURS = ("hoiam", "config", "publication", "feedback", "accounts", "routing", "search", "classifier")
# Loggers that speak about single requests, and so about people.
ABOUT_REQUESTS = (
    "django.request",
    "django.security",
    "django.server",
    "gunicorn",
    "axes",
    "django.db",
    "PIL",
)


QUOTES = re.compile(r"\s*(?:from ip=|[:'\"=])")


class WithoutPeople(logging.Filter):
    """Keep the fixed words of a foreign message and drop what was filled into them."""

    def filter(self, record: logging.LogRecord) -> bool:
        about_a_request = record.name.startswith(ABOUT_REQUESTS) and not speaks_of_the_house(record)
        if about_a_request and record.levelno >= logging.WARNING:
            record.msg, record.args = fixed_words(record), ()
            if record.name.startswith("django.security"):  # a stranger's fault, none of the house
                record.levelno, record.levelname = logging.WARNING, "WARNING"
            # The status of every answer stands in our own line already; a crash is worth a second one.
            return record.name != "django.request" or bool(record.exc_info)
        return True


def fixed_words(record: logging.LogRecord) -> str:
    """What a message says before it quotes: some come filled already, with a whole line that was sent."""
    if record.name.startswith("django.security"):
        return record.name.rpartition(".")[2]
    return QUOTES.split(str(record.msg), maxsplit=1)[0]


def speaks_of_the_house(record: logging.LogRecord) -> bool:
    """Whether gunicorn speaks of its own processes, not of a request it could not handle."""
    return record.name.startswith("gunicorn") and "request" not in str(record.msg).lower()


def without_exception_text(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the type of the exception and the lines it passed through."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def own_facts(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add the `extra` of our own log lines; foreign ones put whole requests there."""
    record = event.get("_record")
    if record is not None and record.name.startswith(OURS):
        structlog.stdlib.ExtraAdder()(logger, method, event)
    return event


EVERY: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_exception_text,
]

structlog.configure(
    processors=[*EVERY, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_people": {"()": WithoutPeople}},
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [own_facts, *EVERY],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_people"]},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "ERROR"},
        "elastic_transport": {"level": "WARNING"},  # a line for each question would be a log of them
        "pikepdf": {"level": "ERROR"},  # what is wrong with a paper may quote it
    },
}
