"""The program's own log: for finding our bugs, never for what clerks and customers did (that is in the database).

No personal data: every line is redacted as a whole, and of an exception only its type, its frames and the plain
English of its message stay.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO

FOLDER, FILE = "logs", "yekuo.log"
LARGEST, KEPT = 1_000_000, 5
HIDDEN = "▇"
LONG_NUMBERS = re.compile(r"(?<![0-9A-Za-z.])\d[\d -]{4,}\d[Xx]?(?![0-9A-Za-z])")
SAID = re.compile(r"'[^']*'|\"[^\"]*\"|[^\x00-\x7f]+|\d{3,}")
log = logging.getLogger("yekuo")


class Redacting(logging.Formatter):
    """Writes a record without IDs, phones, 户号 or any other long number, and without what a value said."""

    def format(self, record: logging.LogRecord) -> str:
        """Formats a copy: another handler may have left the error's whole text on the record."""
        own = copy(record)
        own.exc_text = own.stack_info = None
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = redacted(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_told(error)) if isinstance(error, BaseException) else ""


def redacted(text: str) -> str:
    """The text with every long number hidden."""
    return LONG_NUMBERS.sub(HIDDEN, text)


def _told(error: BaseException) -> list[str]:
    """The frames of an error and of what caused it; of each message only the words that we wrote in English."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
              for frame in traceback.extract_tb(error.__traceback__)]
    told = [f"{type(error).__name__}: {SAID.sub(HIDDEN, str(error))[:300]}", *frames]
    return [*_told(cause), "then", *told] if cause else told


class _PrivateHandler(RotatingFileHandler):
    """A rotating file that only this user may read, from its first byte."""

    def _open(self) -> IO[str]:  # type: ignore[override]
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="replace")


@contextmanager
def logging_to(folder: Path) -> Iterator[None]:
    """Log into the data folder while the program runs, and everything that nobody catches.

    A folder that cannot be written to is told by whoever opens the hall, in better words: here it is let pass.
    """
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handler = _handler(folder)
    root.addHandler(handler)
    level = log.level
    log.setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = lambda what: _uncaught(what.exc_type, what.exc_value, what.exc_traceback)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = hooks
        log.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _handler(folder: Path) -> logging.Handler:
    try:
        (folder / FOLDER).mkdir(exist_ok=True, mode=0o700)
    except OSError:
        return logging.NullHandler()
    handler = _PrivateHandler(folder / FOLDER / FILE, maxBytes=LARGEST, backupCount=KEPT, delay=True)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.INFO)
    return handler


def _uncaught(kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    log.error("bug: %s", kind.__name__, exc_info=error)
    print(f"程序出了差错（{kind.__name__}），已记入日志；已保存的内容不受影响。", file=sys.stderr)
