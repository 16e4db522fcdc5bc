"""Work for the children of these tests."""

from __future__ import annotations

import os
import signal
import sys
import time

from spectracnn.errors import FileFormatError


def arithmetic(offset=0):
    def work(request, reporter):
        kind, value = request if isinstance(request, tuple) else ("add", request)
        return _KINDS[kind](value, reporter, offset)

    return work


def _steps(count, reporter, _):
    progress = reporter.progress()
    for step in range(count):
        progress.update(step, count, f"step {step}")
        time.sleep(0.01)
    return count


def _grandchild(value, _, __):
    from spectracnn.jobs.worker import Worker

    with Worker(arithmetic, 100) as worker:
        return worker.request(value)


def _refuse(value, _, __):
    raise FileFormatError(value, "nothing", "numbers", "line 1", "Look again.")


_KINDS = {
    "add": lambda value, _, offset: value + offset,
    "pid": lambda *_: os.getpid(),
    "sleep": lambda value, *_: time.sleep(value),
    "die": lambda value, *_: os.kill(os.getpid(), value),
    "exit": lambda value, *_: os._exit(value),
    "allocate": lambda value, *_: len(bytearray(value)),
    "divide": lambda value, *_: 1 / value,
    "refuse": _refuse,
    "lambda": lambda *_: lambda: None,
    "steps": _steps,
    "print": lambda value, *_: os.write(1, value.encode()),
    "main": lambda *_: getattr(sys.modules["__main__"], "__file__", None),
    "grandchild": _grandchild,
    "ignore": lambda value, *_: (signal.signal(signal.SIGTERM, signal.SIG_IGN), time.sleep(value)),
}


def cannot_start():
    raise OSError("nothing to work with")
