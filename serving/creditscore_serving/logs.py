"""What the service writes to its log: one line an event, as text or as JSON; never a body, never a customer."""

import logging
import os
import sys
import time
from enum import StrEnum
from typing import Final

from creditscore.errors import ParameterError, some

VARIABLE: Final = "CREDITSCORE_LOG_FORMAT"
OWN: Final = "creditscore_serving"
FRAMEWORK: Final = ("", "bentoml", "uvicorn.error", "circus")
TEXT_LINE: Final = "%(asctime)s [%(levelname)s] [%(process)d] %(message)s"
RENAMED: Final = {"asctime": "time", "levelname": "level", "name": "logger", "process": "worker"}


class LogFormat(StrEnum):
    """How a line of the log reads."""

    TEXT = "text"
    JSON = "json"


def configure_logs(wanted: str | None = None) -> None:
    """Write the service's own events to standard output, and the framework's in the same format.

    Parameters
    ----------
    wanted
        ``"text"`` or ``"json"``; by default what ``CREDITSCORE_LOG_FORMAT`` says, else text.

    Raises
    ------
    ParameterError
        If there is no such format.
    """
    name = wanted or os.environ.get(VARIABLE) or LogFormat.TEXT
    if name not in set(LogFormat):
        raise ParameterError(where=VARIABLE, found=f"There is no {name!r}.", fix=f"Choose one of {some(LogFormat)}.")
    formatter = formatter_of(LogFormat(name))
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    own = logging.getLogger(OWN)
    own.handlers, own.propagate = [handler], False
    own.setLevel(logging.INFO)
    if name == LogFormat.JSON:
        for logger in map(logging.getLogger, FRAMEWORK):
            for one in logger.handlers:
                one.setFormatter(formatter)


def formatter_of(wanted: LogFormat) -> logging.Formatter:
    """Return what writes a line; times are UTC.

    >>> record = logging.LogRecord("creditscore_serving", logging.INFO, "", 0, "Refused", None, None)
    >>> record.created, record.msecs, record.process, record.route = 0.0, 0.0, 7, "/v1/rows"
    >>> import json
    >>> line = json.loads(formatter_of(LogFormat.JSON).format(record))
    >>> line["time"], line["level"], line["worker"], line["message"], line["route"]
    ('1970-01-01T00:00:00Z', 'INFO', 7, 'Refused', '/v1/rows')
    """
    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - text needs none

    if wanted is LogFormat.TEXT:
        formatter: logging.Formatter = logging.Formatter(TEXT_LINE, datefmt="%Y-%m-%dT%H:%M:%SZ")
    else:
        fields = " ".join(f"%({name})s" for name in (*RENAMED, "message"))
        formatter = JsonFormatter(fields, datefmt="%Y-%m-%dT%H:%M:%SZ", rename_fields=RENAMED, json_ensure_ascii=False)
    formatter.converter = time.gmtime
    return formatter
