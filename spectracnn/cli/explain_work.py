"""What ``spectracnn explain`` does with each batch, in parts that are put together at the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.cli.batch.journal import sidecar
from spectracnn.cli.batch.work import NetworkWork, Sink
from spectracnn.cli.checks import CHECKS, CheckWriter, checks_path
from spectracnn.cli.overlap import write_behind
from spectracnn.cli.versions import versions
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.engine.samples import bundled_samples
from spectracnn.io.attribution_csv import AttributionTable, distinct, merge_tables
from spectracnn.io.attribution_hdf5 import AttributionWriter
from spectracnn.io.columns_file import ColumnsWriter, merge_columns
from spectracnn.io.merge_hdf5 import merge_hdf5
from spectracnn.jobs.pool import cores
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.cli.batch.covariates import Covariates
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.network import Batch
    from spectracnn.core.attribution import Attribution
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.loaded_model import LoadedModel

WRITERS: dict[str, type[AttributionWriter | AttributionTable]] = {
    ".csv": AttributionTable,
    ".h5": AttributionWriter,
    ".hdf5": AttributionWriter,
}


@dataclass(frozen=True)
class ExplainChoice:
    """What is to be explained, and how; a target of None is each spectrum's predicted class."""

    method: Method
    options: AttributionOptions
    target: int | None


@dataclass(frozen=True)
class ExplainWork(NetworkWork):
    """What is written of each batch.

    Parameters
    ----------
    wanted : ExplainChoice
        What is explained.
    form : {'.h5', '.csv', '.parquet'}
        Of the output.
    check : bool
        Whether each attribution is checked.
    """

    wanted: ExplainChoice = ExplainChoice(Method.INTEGRATED_GRADIENTS, AttributionOptions(), None)
    form: str = ".h5"
    check: bool = False

    rows: ClassVar[int] = 256

    @property
    def suffix(self) -> str:  # type: ignore[override]
        """Of the parts' files."""
        return self.form

    @property
    def beside(self) -> tuple[str, ...]:  # type: ignore[override]
        """Endings of further files of a part."""
        return (CHECKS,) if self.check else ()

    @contextmanager
    def sink(self, path: Path, opened: LoadedModel) -> Iterator[Sink]:
        """Return the file of a part."""
        about = (opened.description, self.wanted.method, self.wanted.options, versions())
        with ExitStack() as stack:
            checks = None
            if self.check:
                checks = CheckWriter(stack.enter_context(ColumnsWriter(sidecar(path, CHECKS))))
            write: Callable[..., None]
            if self.form == ".parquet":
                columns = stack.enter_context(ColumnsWriter(path))
                write = partial(_append_columns, columns, opened.description.classes)
            else:
                writer = WRITERS[self.form](path, *about)
                stack.enter_context(writer)
                write = writer.append
            later = stack.enter_context(write_behind())
            yield _ExplainSink(self.wanted, write, later, self.covariates(), checks)

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Put the parts after each other."""
        paths = [part.path for part in parts]
        if self.check:
            merge_columns([sidecar(path, CHECKS) for path in paths], checks_path(out))
        if len(paths) == 1:
            paths[0].replace(out)
        elif self.form == ".h5":
            merge_hdf5(paths, out)
        elif self.form == ".csv":
            merge_tables(paths, out)
        else:
            merge_columns(paths, out)


class _ExplainSink(Sink):
    def __init__(
        self,
        wanted: ExplainChoice,
        write: Callable[..., None],
        later: Callable[[Callable[[], None]], None],
        covariates: Covariates | None,
        checks: CheckWriter | None,
    ) -> None:
        super().__init__()
        self._wanted, self._write, self._later = wanted, write, later
        self._covariates, self._checks = covariates, checks

    def append(self, opened: LoadedModel, batch: Batch) -> None:
        found = explained(opened, batch, self._wanted)
        files = [item.file for item in batch.named]
        spectra = [item.spectrum for item in batch.named]
        if self._checks is not None:
            self._checks.append(opened, batch.named, found)
        beside = self.columns_beside(self._covariates, batch.named)
        self._later(partial(self._write, files, spectra, found, beside))


def _append_columns(
    writer: ColumnsWriter,
    classes: Sequence[str],
    files: Sequence[str],
    spectra: Sequence[Spectrum],
    found: Sequence[Attribution],
    covariates: Mapping[str, Any],
) -> None:
    """Write attributions as columns."""
    columns: dict[str, Any] = {
        "file": [encodable(file) for file in files],
        "name": [encodable(spectrum.name) for spectrum in spectra],
        "subject": [encodable(spectrum.subject) for spectrum in spectra],
        "structure": [encodable(spectrum.structure) for spectrum in spectra],
        "class": [classes[one.target] for one in found],
        "logit": [float(one.logits[one.target]) for one in found],
        "baseline_logit": [one.baseline_logit for one in found],
        "completeness_error": [one.completeness_error for one in found],
        "positions": [one.positions.tolist() for one in found],
        "values": [one.values.ravel().tolist() for one in found],
    }
    names = distinct(covariates, list(columns))
    writer.append({**columns, **dict(zip(names, covariates.values(), strict=True))})


def explained(network: LoadedModel, batch: Batch, wanted: ExplainChoice) -> list[Attribution]:
    """Return one attribution a spectrum of a batch, computed on all cores.

    Threads are enough: TensorFlow computes without Python's lock. Each spectrum goes through the
    network alone, so that the numbers are the same whatever the number of cores.
    """
    from spectracnn.nn.attribution.attribute import attribute, background_inputs

    scores = network.scores
    backgrounds = cache(lambda: background_inputs(network, bundled_samples()))

    def one(values: NDArray[np.float32], positions: NDArray[np.int64]) -> Attribution:
        return attribute(
            scores,
            values,
            positions,
            wanted.method,
            target=wanted.target,
            options=wanted.options,
            backgrounds=backgrounds,
        )

    with ThreadPoolExecutor(cores(), "explain") as pool:
        return list(pool.map(one, batch.inputs, batch.positions))
