"""What a command does with each batch, described so that another process can do it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.cli.batch.covariates import Covariates
from spectracnn.cli.batch.shards import FILES, ROWS, make_shards, shard_reader
from spectracnn.cli.network import prepared_pieces
from spectracnn.core.card_file import file_sha256, read_card
from spectracnn.resources import default_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from spectracnn import io
    from spectracnn.cli.batch.events import ReportRecorder
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.batch.shards import Shard
    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.network import Batch
    from spectracnn.nn.loaded_model import LoadedModel


class Sink(ABC):
    """A part's file while it is written.

    Attributes
    ----------
    remarks : list of (str, str)
        What a person should know, by file; whole when the sink's file is.
    """

    def __init__(self) -> None:
        self.remarks: list[tuple[str, str]] = []

    def columns_beside(
        self,
        covariates: Covariates | None,
        items: Sequence[InputSpectrum],
        taken: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Return the table's columns for some spectra, and keep what was remarked of them.

        Parameters
        ----------
        covariates : Covariates or None
            Without any there is no column.
        items : sequence of InputSpectrum
            The spectra.
        taken : sequence of str
            Names that other columns have.
        """
        if covariates is None:
            return {}
        found = covariates.columns(items, taken)
        self.remarks += covariates.remarks
        covariates.remarks.clear()
        return found

    @abstractmethod
    def append(self, opened: Any, batch: Any) -> None:
        """Compute a batch and write its results.

        Parameters
        ----------
        opened : object
            From :meth:`Work.open`.
        batch : object
            From :meth:`Work.batches`.
        """


@dataclass(frozen=True)
class Work(ABC):
    """A command's options; plain values, which are pickled to the workers of a cluster."""

    suffix: ClassVar[str] = ""
    """Of the parts' files."""
    beside: ClassVar[tuple[str, ...]] = ()
    """Endings of further files of a part, which have its name without `suffix`."""
    rows: ClassVar[int] = ROWS
    """Of a large file in a shard."""
    files: ClassVar[int] = FILES
    """Small files in a shard."""
    things: ClassVar[str] = "spectra"
    """What is counted."""

    def shards(self, files: Sequence[str]) -> list[Shard]:
        """Part a study; the same files are always parted alike."""
        return make_shards(files, None, min(self.files, self.rows), by_rows=False)

    @abstractmethod
    def open(self) -> Any:
        """Return what batches are computed with, made once in each process."""

    @abstractmethod
    def batches(self, opened: Any, shard: Shard, recorder: ReportRecorder) -> Iterator[Any]:
        """Read a shard; each batch has ``items``.

        Parameters
        ----------
        opened : object
            From :meth:`open`.
        shard : Shard
            Of :meth:`shards`.
        recorder : ReportRecorder
            Receives what cannot be read.
        """

    @abstractmethod
    def sink(self, path: Path, opened: Any) -> AbstractContextManager[Sink]:
        """Return the file of a part, which appears under its name when the block succeeds."""

    @abstractmethod
    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Make one file of all parts, of which each has results; at least one."""

    def fingerprint(self) -> dict[str, Any]:
        """Return what the results depend on beside the options and the inputs."""
        return {}

    def journal_folder(self, out: Path) -> Path | None:
        """Return where parts wait; None for a hidden folder beside the output."""
        return None

    def report(self, parts: list[JournalPart]) -> None:  # noqa: B027  (most print nothing)
        """Print what came of all parts; the output is written."""

    def close(self, opened: Any) -> None:  # noqa: B027  (most hold nothing)
        """Give back what :meth:`open` returned, also in the middle of a batch."""


@dataclass(frozen=True)
class NetworkWork(Work):
    """What is done with a network.

    Parameters
    ----------
    model, card : Path or None
        As given; None for the bundled model and for the model's own card.
    orientation : {'rows', 'columns'} or None
        Of tables.
    force : bool
        Whether what is plainly no spectrum is taken as well.
    table : Path or None
        Of participants, whose columns stand beside the results.
    id_column : str or None
        Of the table.
    fitting : bool
        Whether spectra too short for the model go through the bundled one that takes them.
    """

    model: Path | None
    card: Path | None
    orientation: io.Orientation | None
    force: bool = False
    table: Path | None = field(default=None, kw_only=True)
    id_column: str | None = field(default=None, kw_only=True)
    fitting: bool = field(default=False, kw_only=True)

    most: ClassVar[int | None] = None
    """Spectra in a batch; None for as many as go through the network at once."""

    def shards(self, files: Sequence[str]) -> list[Shard]:
        """Part a study; no file, where a model reads several spectra of it together."""
        whole = bool(self.open().description.structures)
        return make_shards(files, self.orientation, self.rows, by_rows=not whole)

    def open(self) -> LoadedModel:
        """Open the model."""
        key = (self.model, self.card)
        if key not in _NETWORKS:
            from spectracnn.nn.loading import open_model

            card = read_card(self.card) if self.card else None
            _NETWORKS.clear()
            _NETWORKS[key] = open_model(self.model or default_model(), card)
        return _NETWORKS[key]

    def adopt(self, network: LoadedModel) -> None:
        """Take a model that is open already as this process's."""
        _NETWORKS.clear()
        _NETWORKS[self.model, self.card] = network

    def batches(
        self, opened: LoadedModel, shard: Shard, recorder: ReportRecorder
    ) -> Iterator[Batch]:
        """Read a shard and prepare it for the network."""
        reading = shard_reader(self.orientation)
        whole = bool(opened.description.structures)
        pieces = self._located(opened, reading.pieces(shard, recorder, whole))
        yield from prepared_pieces(
            opened, pieces, recorder, force=self.force, fitting=self.fitting, most=self.most
        )

    def _located(
        self, opened: LoadedModel, pieces: Iterator[Sequence[InputSpectrum]]
    ) -> Iterator[Sequence[InputSpectrum]]:
        """Give each spectrum its site from the table, where the network harmonises sites."""
        if self.table is None or opened.description.card.preprocessing.harmony is None:
            yield from pieces
            return
        covariates = Covariates(self.table, self.id_column)
        for piece in pieces:
            yield list(covariates.located(opened, piece))

    def covariates(self) -> Covariates | None:
        """Return what finds the table's columns."""
        return Covariates(self.table, self.id_column) if self.table else None

    def fingerprint(self) -> dict[str, Any]:
        """Return what model, card and table are."""
        model = self.model or default_model()
        card = self.card or model.with_suffix(".card.json")
        found: dict[str, Any] = {
            "model": file_sha256(model),
            "card": file_sha256(card) if card.is_file() else "",
        }
        if self.table is not None:
            state = self.table.stat()
            found["table"] = [str(self.table), state.st_size, state.st_mtime_ns]
        return found


_NETWORKS: dict[tuple[Any, Any], LoadedModel] = {}
