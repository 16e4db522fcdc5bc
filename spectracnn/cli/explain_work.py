"""What ``spectracnn explain`` does with each batch, in parts that are put together at the end."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.cli.batch.covariates import Covariates
from spectracnn.cli.batch.work import Sink, Work
from spectracnn.cli.overlap import write_behind
from spectracnn.cli.versions import versions
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.engine.samples import bundled_samples
from spectracnn.io.attribution_csv import AttributionTable, merge_tables
from spectracnn.io.attribution_hdf5 import AttributionWriter
from spectracnn.io.columns_file import ColumnsWriter, merge_columns
from spectracnn.io.merge_hdf5 import merge_hdf5
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.network import Batch
    from spectracnn.core.attribution import Attribution
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
class ExplainWork(Work):
    """What is written of each batch.

    Parameters
    ----------
    wanted : ExplainChoice
        What is explained.
    form : {'.h5', '.csv', '.parquet'}
        Of the output.
    table, id_column
        Of participants, whose columns stand beside in a Parquet file.
    """

    wanted: ExplainChoice = ExplainChoice(Method.INTEGRATED_GRADIENTS, AttributionOptions(), None)
    form: str = ".h5"
    table: Path | None = None
    id_column: str | None = None

    rows: ClassVar[int] = 256

    @property
    def suffix(self) -> str:  # type: ignore[override]
        """Of the parts' files."""
        return self.form

    @contextmanager
    def sink(self, path: Path, network: LoadedModel) -> Iterator[Sink]:
        """Return the file of a part."""
        if self.form == ".parquet":
            covariates = Covariates(self.table, self.id_column) if self.table else None
            with ColumnsWriter(path) as columns, write_behind() as later:
                yield _ColumnsSink(self.wanted, columns, covariates, later)
            return
        about = (network.description, self.wanted.method, self.wanted.options, versions())
        with WRITERS[self.form](path, *about) as writer, write_behind() as later:
            yield _ExplainSink(self.wanted, writer, later)

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Put the parts after each other."""
        paths = [part.path for part in parts]
        if len(paths) == 1 and self.form != ".parquet":
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
        writer: AttributionWriter | AttributionTable,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__()
        self._wanted, self._writer, self._later = wanted, writer, later

    def append(self, network: LoadedModel, batch: Batch) -> None:
        found = explained(network, batch, self._wanted)
        files = [item.file for item in batch.named]
        spectra = [item.spectrum for item in batch.named]
        self._later(partial(self._writer.append, files, spectra, found))


class _ColumnsSink(Sink):
    def __init__(
        self,
        wanted: ExplainChoice,
        writer: ColumnsWriter,
        covariates: Covariates | None,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__()
        self._wanted, self._writer, self._later = wanted, writer, later
        self._covariates = covariates

    def append(self, network: LoadedModel, batch: Batch) -> None:
        found = explained(network, batch, self._wanted)
        classes = network.description.classes
        spectra = [item.spectrum for item in batch.named]
        columns: dict[str, Any] = {
            "file": [encodable(item.file) for item in batch.named],
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
        if self._covariates is not None:
            columns |= self._covariates.columns(batch.named, list(columns))
        self._later(partial(self._writer.append, columns))


def explained(network: LoadedModel, batch: Batch, wanted: ExplainChoice) -> list[Attribution]:
    """Return one attribution a spectrum of a batch."""
    from spectracnn.nn.attribution.attribute import attribute, background_inputs

    found = []
    for values, positions in zip(batch.inputs, batch.positions, strict=True):
        found.append(
            attribute(
                network.scores,
                values,
                positions,
                wanted.method,
                target=wanted.target,
                options=wanted.options,
                backgrounds=lambda: background_inputs(network, bundled_samples()),
            )
        )
    return found
