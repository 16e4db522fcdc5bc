"""Starts processes from one thread that lives as long as the program.

On Linux a child is ended by the kernel when *the thread* that started it ends; a child started from
a thread of a moment would die with it. And a child of ours does not import the main module of its
parent, as children of `multiprocessing` do: a person's script that reads a file would be run again
by the process that reads it.
"""

from __future__ import annotations

import multiprocessing.spawn
import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import SpawnProcess

_MAIN_KEYS = ("init_main_from_name", "init_main_from_path")


class _Spawner:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue[tuple[SpawnProcess, Future[None]]] = queue.SimpleQueue()
        self.thread: threading.Thread | None = None
        self.behind = False

    def start(self, process: SpawnProcess) -> None:
        with self._lock:
            if self.thread is None or not self.thread.is_alive():
                _leave_main_out()
                self.thread = threading.Thread(target=self._run, name="spawner", daemon=True)
                self.thread.start()
        started: Future[None] = Future()
        self._orders.put((process, started))
        started.result()

    def _run(self) -> None:
        while True:
            process, started = self._orders.get()
            try:
                process.start()
            except BaseException as error:  # noqa: BLE001  (raised again where it was asked for)
                started.set_exception(error)
            else:
                started.set_result(None)


_SPAWNER = _Spawner()


def start(process: SpawnProcess) -> None:
    """Start a process; returns when the system has it, and raises what starting it raises."""
    _SPAWNER.start(process)


def start_behind() -> None:
    """Let every child that is started from now on stand behind this process for the processor.

    A window calls this: its children take all that is left of every core, and the thread that
    paints runs at once nevertheless.
    """
    _SPAWNER.behind = True


def starts_behind() -> bool:
    """Tell whether children stand behind this process."""
    return _SPAWNER.behind


def _leave_main_out() -> None:
    original: Callable[[str], dict[str, Any]] = multiprocessing.spawn.get_preparation_data
    if getattr(original, "leaves_main_out", False):
        return

    def get_preparation_data(name: str) -> dict[str, Any]:
        data = original(name)
        if threading.current_thread() is _SPAWNER.thread:
            for key in _MAIN_KEYS:
                data.pop(key, None)
        return data

    get_preparation_data.leaves_main_out = True  # type: ignore[attr-defined]
    multiprocessing.spawn.get_preparation_data = get_preparation_data
