"""The only place with threads. A job is a function of `step`; its answer comes back on the window's thread.

`step(done, total)` is both progress and cancel: where the clerk has pressed 取消 it raises `Cancelled`, which goes
up through the use-case, so that its transaction is rolled back and its half-written file removed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QThreadPool, Signal
from shiboken6 import isValid

from desktop.errors import Refusal, Trouble
from desktop.progress import Step
from ui.messages import Messages, ProgressBar

log = logging.getLogger("yekuo")
FRAME_MS = 16  # a stop of the window that nobody sees
TELL_EVERY_MS = 40  # oftener than the eye sees only stalls the window


class Cancelled(Exception):
    """The clerk stopped the job."""


class Job:
    """One running function: its progress and its end are told on the window's thread by `tell`.

    No QObject: one could be deleted there while it still speaks here.
    """

    def __init__(self, fn: Callable[[Step], Any], tell: Callable[[Callable[[], object]], None],
                 ended: Callable[[Job, Any, Exception | None], object],
                 stepped: Callable[[int, int], object] | None = None) -> None:
        self._fn, self._tell, self._ended, self._stepped = fn, tell, ended, stepped
        self._stop = False
        self.can_stop = True
        self._told = QElapsedTimer()

    def cancel(self) -> None:
        self._stop = True

    def step(self, done: int, total: int) -> None:
        """Given to the function; runs on its thread."""
        if self._stop:
            raise Cancelled
        if self._stepped and (done >= total or not self._told.isValid() or self._told.elapsed() >= TELL_EVERY_MS):
            self._told.start()
            self._tell(partial(self._stepped, done, total))

    def work(self) -> None:
        """Runs on the worker's thread."""
        try:
            if self._stop:
                raise Cancelled
            result, error = self._fn(self.step), None
        except Exception as raised:  # noqa: BLE001 - whatever it is, the window's thread tells it
            result, error = None, raised
        self._tell(partial(self._ended, self, result, error))


class Jobs(QObject):
    """Runs jobs one after another, so that two never want to write at the same time; what only reads goes beside."""

    idle = Signal()
    _told = Signal(object)  # from a worker: what is to be called on the window's thread

    def __init__(self, messages: Messages, progress: ProgressBar | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._progress = progress
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._running: list[Job] = []
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(3)  # one that a dead spooler keeps waiting must not stop the lists
        self._asked: dict[str, Job] = {}
        self._told.connect(self._hear)
        if progress is not None:
            progress.stopped.connect(self.cancel)

    def _hear(self, told: Callable[[], object]) -> None:
        told()

    @property
    def busy(self) -> bool:
        return bool(self._running or self._asked)

    def run(self, fn: Callable[[Step], Any], done: Callable[[Any], object] = lambda _: None, *,
            title: str = "", failed: Callable[[Exception], object] | None = None, can_stop: bool = True) -> Job:
        """Run `fn(step)` in the worker; then `done(result)` here. With `title` its progress is shown.

        `can_stop` is false for what must not be left half done. A Refusal or Trouble goes to `failed` if given, else
        to the messages; any other error is our bug.
        """
        shown = self._progress if title else None
        job = Job(fn, self._told.emit, partial(self._end, done, failed), shown.show_step if shown else None)
        job.can_stop = can_stop
        self._running.append(job)
        if shown is not None:
            shown.begin(title, can_stop=can_stop)
        self._pool.start(job.work)
        return job

    def ask(self, asker: QObject, what: str, fn: Callable[[Step], Any],
            answered: Callable[[Any], object], *, short: bool = False) -> None:
        """Read in the worker, then `answered(result)` here, if the asker is still there. Of several asked under one
        name the latest counts. `short`: what a frame's time suffices for, as it nearly always does, is answered at
        once, without the way to the worker and back; `fn` must then step often."""
        if (older := self._asked.pop(what, None)) is not None:
            older.cancel()
        if short and self._answered_at_once(fn, answered):
            if older is not None:
                self._tell_idle()
            return
        job = self._asked[what] = Job(fn, self._told.emit, partial(self._answer, asker, what, answered))
        self._readers.start(job.work)

    @staticmethod
    def _answered_at_once(fn: Callable[[Step], Any], answered: Callable[[Any], object]) -> bool:
        """Whether `fn` ended well within a frame; else the worker does it again, and tells what is wrong."""
        over = monotonic() + FRAME_MS / 1000

        def step(_done: int, _total: int) -> None:
            if monotonic() > over:
                raise Cancelled

        try:
            result = fn(step)
        except Exception:  # noqa: BLE001 - what it is shows in the worker
            return False
        answered(result)
        return True

    def is_asked(self, what: str) -> bool:
        """Whether the answer to what was asked under this name is still to come."""
        return what in self._asked

    def forget(self, what: str) -> None:
        """The answer to what was asked under this name is not wanted any more."""
        if (older := self._asked.pop(what, None)) is not None:
            older.cancel()
            self._tell_idle()

    def _answer(self, asker: QObject, what: str, answered: Callable[[Any], object],
                job: Job, result: Any, error: Exception | None) -> None:
        if self._asked.get(what) is not job:
            return  # asked again meanwhile
        del self._asked[what]
        if not isValid(asker):
            pass
        elif error is None:
            answered(result)
        elif not isinstance(error, Cancelled):
            self.tell(error)
        self._tell_idle()

    def cancel(self) -> None:
        for job in self._asked.values():
            job.cancel()
        for job in self._running:
            if job.can_stop:
                job.cancel()

    def wait(self, milliseconds: int = 30_000) -> bool:
        """Wait until the worker is free, as at closing; True if it is."""
        return self._readers.waitForDone(milliseconds) and self._pool.waitForDone(milliseconds)

    def _end(self, done: Callable[[Any], object], failed: Callable[[Exception], object] | None,
             job: Job, result: Any, error: Exception | None) -> None:
        self._running.remove(job)
        if self._progress is not None and not self._running and isValid(self._progress):  # the window may be gone first
            self._progress.end()
        if error is None:
            done(result)
        elif failed is not None:
            failed(error)
        else:
            self.tell(error)
        self._tell_idle()

    def _tell_idle(self) -> None:
        if not self.busy:
            self.idle.emit()

    def tell(self, error: Exception) -> None:
        """Say what ended a job: stopped, a rule's no, the world's, or a bug of ours with nothing lost."""
        if isinstance(error, Cancelled):
            self._messages.say("info", "已取消，没有改动任何数据。")
        elif isinstance(error, Refusal | Trouble):
            self._messages.tell(error)
        else:
            tell_bug(self._messages, error)


def tell_bug(messages: Messages, error: BaseException) -> None:
    """A bug of ours: into the log with its trace, to the clerk in a sentence."""
    log.error("bug: %s", type(error).__name__, exc_info=error)
    messages.say("wrong", f"程序出了差错（{type(error).__name__}），已记入日志；已保存的内容不受影响，填写的内容仍在。")
