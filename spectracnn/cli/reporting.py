"""What a command says on stderr: failed inputs, notes, and progress on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from spectracnn.errors import FileFormatError
from spectracnn.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import ProgressColumn, Task


class Reporter:
    """Counts failed inputs and prints one line for each. Callable from several threads."""

    def __init__(self) -> None:
        self.n_failed = 0
        self.n_doubted = 0
        self._lock = Lock()
        self._print: Callable[[str], None] = print_stderr

    @property
    def exit_code(self) -> int:
        """0 if all inputs are whole and done, else 1."""
        return 1 if self.n_failed or self.n_doubted else 0

    def fail(self, file: str, reason: str) -> None:
        """Report an input that could not be done."""
        with self._lock:
            self.n_failed += 1
            self._print(line(file, reason))

    def doubt(self, file: str, remark: str) -> None:
        """Report an input that is done, though part of it is missing."""
        with self._lock:
            self.n_doubted += 1
            self._print(line(file, f"note: {remark}"))

    def note(self, file: str, remark: str) -> None:
        """Say something about an input that is done nevertheless."""
        with self._lock:
            self._print(line(file, f"note: {remark}"))

    @contextmanager
    def progress(
        self, what: str, total: int | None = None, done: int = 0
    ) -> Iterator[Callable[[int], None]]:
        """Show progress, its rate and the time left where stderr is a terminal.

        Parameters
        ----------
        what : str
            What is going on.
        total : int, optional
            How many steps there are; None while unknown.
        done : int
            How many of them an earlier run did.

        Yields
        ------
        callable
            ``advance(steps)``.
        """
        if sys.stderr is None or not sys.stderr.isatty():
            yield lambda steps: None
            return
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        with Progress(*_columns(), console=console, transient=True) as bar:
            task = bar.add_task(what, total=total, completed=done)
            # Lines printed past the bar would be torn by it.
            self._print = lambda text: console.print(
                text, markup=False, highlight=False, soft_wrap=True
            )
            try:
                yield lambda steps: bar.advance(task, steps)
            finally:
                self._print = print_stderr


def _columns() -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f} a second", "progress.data.speed")

    return TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), Remaining()


def line(file: str, reason: str) -> str:
    """Return the one line that tells of an input."""
    return f"spectracnn: {printable(file, 0)}: {' '.join(printable(reason).split())}"


def complain(error: Exception) -> None:
    """Print an expected error that ends the command, with its hint."""
    hint = getattr(error, "hint", "")
    text = error.sentence if isinstance(error, FileFormatError) else str(error)
    print_stderr(f"spectracnn: {' '.join(printable(f'{text} {hint}', 0).split())}")


def print_stderr(text: str) -> None:
    """Print a line on stderr; a program without a console has none."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)
