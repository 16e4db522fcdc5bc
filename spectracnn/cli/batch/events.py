"""What was said of inputs while a shard was done: kept, so that it is said again on resuming."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spectracnn.cli.reporting import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class BatchReport:
    """What came of some shards; plain values, which JSON and a pipe take.

    Parameters
    ----------
    done : int
        Spectra that were computed.
    failed, doubted, notes : list of (str, str)
        File and sentence: of inputs that could not be done, of those of which part is missing, and
        all other remarks.
    """

    done: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    doubted: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: BatchReport) -> None:
        """Add what came of others."""
        self.done += other.done
        self.failed += other.failed
        self.doubted += other.doubted
        self.notes += other.notes

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "done": self.done,
            "failed": self.failed,
            "doubted": self.doubted,
            "notes": self.notes,
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> BatchReport:
        """Return what :meth:`to_json` gave."""
        doubted = record.get("doubted", ())  # a journal of an older version has none
        pairs = map(_pairs, (record["failed"], doubted, record["notes"]))
        return cls(int(record["done"]), *pairs)


def _pairs(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(file), str(text)) for file, text in rows]


class ReportRecorder(Reporter):
    """A reporter that prints nothing and keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.report = BatchReport()

    def fail(self, file: str, reason: str) -> None:
        """Keep an input that could not be done."""
        with self._lock:
            self.report.failed.append((file, reason))

    def doubt(self, file: str, remark: str) -> None:
        """Keep an input of which part is missing."""
        with self._lock:
            self.report.doubted.append((file, remark))

    def note(self, file: str, remark: str) -> None:
        """Keep a remark."""
        with self._lock:
            self.report.notes.append((file, remark))

    def flush(self) -> BatchReport:
        """Return what was kept, and begin anew."""
        with self._lock:
            report, self.report = self.report, BatchReport()
        return report


class Speaker:
    """Says reports once: a remark that many shards share is said for the first of them.

    Parameters
    ----------
    reporter : Reporter
        Who prints.
    """

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._reported: set[tuple[str, str]] = set()

    def report(self, report: BatchReport) -> None:
        """Print a report's failures and its new remarks."""
        for file, reason in report.failed:
            self._reporter.fail(file, reason)
        for file, remark in report.doubted:
            self._reporter.doubt(file, remark)
        for pair in report.notes:
            if pair not in self._reported:
                self._reported.add(pair)
                self._reporter.note(*pair)
