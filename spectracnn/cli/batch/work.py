"""What a command does with each batch, described so that another process can do it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.core.card_file import read_card
from spectracnn.resources import default_model

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from spectracnn import io
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.network import Batch
    from spectracnn.nn.loaded_model import LoadedModel


class Sink(ABC):
    """A part's file while it is written.

    Attributes
    ----------
    remarks : list of (str, str)
        What a person should know, by file; whoever runs the sink takes them out.
    """

    def __init__(self) -> None:
        self.remarks: list[tuple[str, str]] = []

    @abstractmethod
    def append(self, network: LoadedModel, batch: Batch) -> None:
        """Compute a batch and write its results."""


@dataclass(frozen=True)
class Work(ABC):
    """A command's options; plain values, which are pickled to the workers of a cluster.

    Parameters
    ----------
    model, card : Path or None
        As given; None for the bundled model and for the model's own card.
    orientation : {'rows', 'columns'} or None
        Of tables.
    force : bool
        Whether what is plainly no spectrum is taken as well.
    fitting : bool
        Whether spectra too short for the model go through the bundled one that takes them.
    """

    model: Path | None
    card: Path | None
    orientation: io.Orientation | None
    force: bool = False
    fitting: bool = field(default=False, kw_only=True)

    suffix: ClassVar[str] = ""
    rows: ClassVar[int] = 4096

    def open_network(self) -> LoadedModel:
        """Open the model, once in each process."""
        key = (self.model, self.card)
        if key not in _NETWORKS:
            from spectracnn.nn.loading import open_model

            card = read_card(self.card) if self.card else None
            _NETWORKS.clear()
            _NETWORKS[key] = open_model(self.model or default_model(), card)
        return _NETWORKS[key]

    def located(
        self, network: LoadedModel, items: Iterable[InputSpectrum]
    ) -> Iterable[InputSpectrum]:
        """Give the spectra what the network must know of them beside their values."""
        del network
        return items

    def adopt(self, network: LoadedModel) -> None:
        """Take a model that is open already as this process's."""
        _NETWORKS.clear()
        _NETWORKS[self.model, self.card] = network

    @abstractmethod
    def sink(self, path: Path, network: LoadedModel) -> AbstractContextManager[Sink]:
        """Return the file of a part, which appears under its name when the block succeeds."""

    @abstractmethod
    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Make one file of all parts, of which each has results; at least one."""

    def fingerprint(self) -> dict[str, Any]:
        """Return what the results depend on beside the model and the inputs."""
        return {}


_NETWORKS: dict[tuple[Any, Any], LoadedModel] = {}
