"""What ``spectracnn spectrum`` does with each mesh, in parts that are put together at the end."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from spectracnn.cli.batch.covariates import Covariates
from spectracnn.cli.batch.journal import sidecar
from spectracnn.cli.batch.work import Sink, Work
from spectracnn.cli.inputs import InputSpectrum
from spectracnn.cli.output import print_json, print_table, short
from spectracnn.cli.solved import (
    SHAPES,
    LinesWriter,
    PartSpectra,
    ShapesWriter,
    add_shapes,
    record_of,
    records,
    spectrum_line,
    spectrum_of,
    write_folder,
)  # fmt: skip
from spectracnn.cli.spectrum_columns import write_parquet
from spectracnn.core.progress import Progress
from spectracnn.errors import SpectraCNNError
from spectracnn.geometry.computing import SolveRequest, compute, solver
from spectracnn.geometry.options import SolveOptions  # noqa: TC001  (a dataclass field)
from spectracnn.geometry.solve import Solution, as_spectrum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spectracnn.cli.batch.events import ReportRecorder
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.batch.shards import Shard
    from spectracnn.jobs.pool import Pool

_HEADER = ("file", "count", "kind", "vertices", "area", "volume", "first nonzero", "seconds")
_SHOWN = 1000
"""Rows that are printed; the output has all."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A mesh as the person wrote it, and its solution."""

    file: str
    solution: Solution


@dataclass(frozen=True, eq=False)
class SolvedBatch:
    """Meshes in their order."""

    items: list[Solved]


class Solvers:
    """Processes that solve meshes, as many as are needed.

    Parameters
    ----------
    jobs : int
        How many at most; 0 for one a core.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._progress = Progress()
        self._pool: Pool | None = None

    def results(
        self, requests: Sequence[SolveRequest]
    ) -> Iterator[tuple[int, Solution | SpectraCNNError]]:
        """Give the solutions, or the errors, as they come."""
        from spectracnn.jobs.pool import Pool, cores

        if min(self._jobs or cores(), len(requests)) > 1:
            self._pool = self._pool or Pool(
                solver, count=self._jobs or cores(), name="SpectraCNN solver"
            )
            yield from self._pool.map(requests, self._progress)
            return
        for place, request in enumerate(requests):
            try:
                yield place, compute(request)
            except SpectraCNNError as error:
                yield place, error

    def close(self) -> None:
        """End the processes, also those that are at work."""
        self._progress.cancel()
        if self._pool is not None:
            self._pool.end()


@dataclass(frozen=True)
class SpectrumWork(Work):
    """How meshes are solved, and what is written.

    Parameters
    ----------
    options : SolveOptions
        How.
    folder : bool
        Whether the output is a folder, which gets a file a mesh.
    cached : bool
        Whether kept results serve.
    table : Path or None
        Of participants, whose columns are kept with each spectrum.
    id_column : str or None
        Of the table.
    jobs : int
        Processes; 0 for one a core.
    as_json : bool
        Whether a JSON list is printed, and not a table.
    """

    options: SolveOptions
    folder: bool
    cached: bool = True
    table: Path | None = None
    id_column: str | None = None
    jobs: int = field(default=0, repr=False)
    as_json: bool = field(default=False, repr=False)

    suffix: ClassVar[str] = ".jsonl"
    files: ClassVar[int] = 64
    things: ClassVar[str] = "meshes"

    @property
    def beside(self) -> tuple[str, ...]:  # type: ignore[override]
        """Endings of further files of a part."""
        return (SHAPES,) if self.options.eigenfunctions else ()

    def journal_folder(self, out: Path) -> Path | None:
        """Return where parts wait: in the folder that is the output."""
        return out / ".spectracnn-unfinished" if self.folder else None

    def open(self) -> Solvers:
        """Return what solves."""
        return Solvers(self.jobs)

    def close(self, opened: Solvers) -> None:
        """End the processes."""
        opened.close()

    def batches(
        self, opened: Solvers, shard: Shard, recorder: ReportRecorder
    ) -> Iterator[SolvedBatch]:
        """Solve the meshes of a shard; give them in order."""
        requests = [SolveRequest(Path(file), self.options, cached=self.cached)
                    for file in shard.files]  # fmt: skip
        waiting: dict[int, Solution | None] = {}
        following = 0
        for place, result in opened.results(requests):
            file = shard.files[place]
            if isinstance(result, SpectraCNNError):
                recorder.fail(file, f"{result} {result.hint}")
            else:
                for remark in (*result.report.repairs, *result.report.warnings):
                    recorder.note(file, remark)
            waiting[place] = None if isinstance(result, SpectraCNNError) else result
            while following in waiting:
                found = waiting.pop(following)
                if found is not None:
                    yield SolvedBatch([Solved(shard.files[following], found)])
                following += 1

    @contextmanager
    def sink(self, path: Path, opened: Solvers) -> Iterator[Sink]:
        """Return the file of a part."""
        covariates = Covariates(self.table, self.id_column) if self.table else None
        with ExitStack() as stack:
            shapes = None
            if self.options.eigenfunctions:
                shapes = stack.enter_context(ShapesWriter(sidecar(path, SHAPES)))
            lines = stack.enter_context(LinesWriter(path))
            yield _SpectrumSink(lines, shapes, covariates)

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Write the output of all parts."""
        from spectracnn.io.merge_hdf5 import merge_hdf5
        from spectracnn.io.write import write_csv, write_hdf5

        paths = [part.path for part in parts]
        form = out.suffix.lower()
        if self.folder:
            write_folder(paths, out, with_shapes=self.options.eigenfunctions)
        elif form == ".csv":
            write_csv(PartSpectra(paths), out)
        elif form == ".parquet":
            write_parquet(paths, out)
        else:
            pieces = [path.with_suffix(".h5") for path in paths]
            for path, piece in zip(paths, pieces, strict=True):
                write_hdf5(list(PartSpectra([path])), piece)
            whole = pieces[0].with_name("whole.h5")
            merge_hdf5(pieces, whole)
            if self.options.eigenfunctions:
                add_shapes(whole, paths)
            whole.replace(out)

    def report(self, parts: list[JournalPart]) -> None:
        """Print what was computed."""
        found = records([part.path for part in parts])
        if self.as_json:
            print_json([record["about"] for record in found])
            return
        rows = [_row(record) for _, record in zip(range(_SHOWN + 1), found, strict=False)]
        if rows:
            print_table(_HEADER, rows[:_SHOWN], {1, 3, 4, 5, 6, 7})
        if len(rows) > _SHOWN:
            print("...")

    def fingerprint(self) -> dict[str, Any]:
        """Return what the table is."""
        if self.table is None:
            return {}
        state = self.table.stat()
        return {"table": [str(self.table), state.st_size, state.st_mtime_ns]}


class _SpectrumSink(Sink):
    def __init__(
        self, lines: LinesWriter, shapes: ShapesWriter | None, covariates: Covariates | None
    ) -> None:
        super().__init__()
        self._lines, self._shapes, self._covariates = lines, shapes, covariates

    def append(self, opened: Solvers, batch: SolvedBatch) -> None:
        for item in batch.items:
            spectrum = as_spectrum(item.solution)
            named = [InputSpectrum(item.file, spectrum)]
            beside = self.columns_beside(self._covariates, named)
            cells = {name: _plain(column) for name, column in beside.items()}
            self._lines.append(spectrum_line(spectrum, record_of(item.file, item.solution), cells))
            if self._shapes is not None:
                self._shapes.append(item.solution)


def _plain(column: Any) -> Any:
    """Return the only cell of a column as JSON takes it.

    Of numbers None where it is missing, of texts an empty one, so that the kinds are told apart.
    """
    cell = column[0]
    if isinstance(column, np.ndarray):
        return None if cell != cell else float(cell)
    return cell or ""


def _row(record: dict[str, Any]) -> list[str]:
    about, values = record["about"], record["eigenvalues"]
    place = spectrum_of(record).flags.n_zeros
    return [
        about["file"],
        str(about["n"]),
        about["kind"],
        str(about["n_vertices"]),
        short(about["area"]),
        short(about["volume"]),
        short(values[place] if place < len(values) else None),
        f"{about['seconds']:.2f}",
    ]
