"""The folder beside the output in which parts wait until all are there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.cli.batch.events import BatchReport
from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import IO

_VERSION = 1
_NAME = re.compile(r"part-(\d{7})-(\d{7})\.json\Z")


@dataclass(frozen=True)
class JournalPart:
    """One or more neighbouring shards that are done.

    Parameters
    ----------
    first, last : int
        Their numbers.
    report : BatchReport
        What came of them.
    path : Path
        The file with their results; not there if no spectrum was taken.
    """

    first: int
    last: int
    report: BatchReport
    path: Path


class Journal:
    """What is done of a command, on disk: it outlives the process.

    A part's results are moved to their name first, then its record: only with both is it done.
    Each is written beside and moved, so that neither is ever there by half.

    Parameters
    ----------
    out : Path
        The command's output.
    suffix : str
        Of the parts' files.
    beside : tuple of str
        Endings of further files of each part, see :func:`sidecar`.
    folder : Path, optional
        Where parts wait (default: in a hidden folder beside the output).
    """

    def __init__(
        self, out: Path, suffix: str, beside: tuple[str, ...] = (), folder: Path | None = None
    ) -> None:
        self.out = out
        self._beside = beside
        self.folder = folder or out.with_name(f".{out.name}.spectracnn-unfinished")
        self._suffix = suffix
        self._lock: IO[str] | None = None

    def begin(self, fingerprint: dict[str, Any], restart: bool) -> list[JournalPart]:
        """Take possession of the folder, and return what is done of the same command.

        Parameters
        ----------
        fingerprint : dict
            What the result depends on; parts of anything else are removed.
        restart : bool
            Whether to remove all parts.

        Raises
        ------
        ExportError
            If another process is at it, or nothing can be written.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock_folder()
            text = json.dumps({"version": _VERSION, **fingerprint}, sort_keys=True)
            mark = hashlib.sha256(text.encode()).hexdigest()
            known = self.folder / "command"
            same = known.is_file() and known.read_text(encoding="ascii") == mark
            if restart or not same:
                self._clear()
                with atomic_path(known) as temporary:
                    temporary.write_text(mark, encoding="ascii")
            return self._parts()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ExportError(f"{self.folder}: cannot be used ({reason}).") from error

    def _lock_folder(self) -> None:
        self._lock = (self.folder / "lock").open("w", encoding="ascii")
        with suppress(ImportError):  # no such thing on Windows
            import fcntl

            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ExportError(f"{self.out}: another process is writing it.") from error

    def _clear(self) -> None:
        for entry in self.folder.iterdir():
            if entry.name != "lock":
                entry.unlink()

    def _parts(self) -> list[JournalPart]:
        """Return the parts that are whole; what killed writers left is removed."""
        found = []
        keep = {"lock", "command"}
        for entry in sorted(self.folder.iterdir()):
            match = _NAME.match(entry.name)
            if not match:
                continue
            path = entry.with_suffix(self._suffix)
            try:
                record = json.loads(entry.read_text(encoding="utf-8"))
                report = BatchReport.from_json(record)
            except (ValueError, KeyError, TypeError):
                continue
            files = [path, *(sidecar(path, suffix) for suffix in self._beside)]
            if report.done and not all(file.is_file() for file in files):
                continue
            found.append(JournalPart(int(match[1]), int(match[2]), report, path))
            keep |= {entry.name, *(file.name for file in files)}
        for entry in self.folder.iterdir():
            if entry.name not in keep:
                entry.unlink()
        return found

    def part_path(self, first: int, last: int) -> Path:
        """Return where the results of these shards belong."""
        return self.folder / f"part-{first:07}-{last:07}{self._suffix}"

    def record(self, first: int, last: int, report: BatchReport) -> JournalPart:
        """Note that shards are done; their results are in place."""
        path = self.part_path(first, last)
        with atomic_path(path.with_suffix(".json")) as temporary:
            with temporary.open("w", encoding="utf-8") as stream:
                json.dump(report.to_json(), stream)
                stream.flush()
                os.fsync(stream.fileno())
        return JournalPart(first, last, report, path)

    def end(self) -> None:
        """Remove the folder: the output is in place."""
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def sidecar(path: Path, suffix: str) -> Path:
    """Return a further file of a part.

    Parameters
    ----------
    path : Path
        The part's file.
    suffix : str
        What stands in place of its ending.
    """
    return path.with_name(f"{path.stem}{suffix}")


def missing(count: int, parts: Sequence[JournalPart]) -> list[int]:
    """Return the numbers of the shards that are not done."""
    done = {number for part in parts for number in range(part.first, part.last + 1)}
    return [number for number in range(count) if number not in done]
