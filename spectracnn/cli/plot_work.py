"""What ``spectracnn plot`` does with each spectrum, so that an interrupted run goes on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.cli.batch.shards import make_shards, shard_reader
from spectracnn.cli.batch.work import NetworkWork, Sink
from spectracnn.cli.stems import unique_stem
from spectracnn.core.atomic import atomic_path
from spectracnn.core.progress import Progress
from spectracnn.errors import PreprocessingError, SpectraCNNError
from spectracnn.figures.export import Panel, export_figure
from spectracnn.figures.provenance import provenance
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection
from spectracnn.view.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spectracnn.cli.batch.events import ReportRecorder
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.batch.shards import Shard
    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.figures.style import ThemeName
    from spectracnn.jobs.pool import Pool
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.view.contents import Contents

_AT_ONCE = 16
_FEW = 4
"""Fewer figures are drawn here: a process of their own would take longer to start."""


@dataclass(frozen=True, eq=False)
class FigureRequest:
    """One figure to draw.

    Parameters
    ----------
    contents : Contents
        What is shown.
    panel : str
        Which part of it.
    path : Path
        The file.
    dpi, theme, origin
        As of :func:`spectracnn.figures.export.export_figure`.
    """

    contents: Contents
    panel: Panel
    path: Path
    dpi: float
    theme: ThemeName
    origin: dict[str, Any]


def draw(request: FigureRequest) -> None:
    """Draw a figure."""
    export_figure(
        request.contents, request.panel, request.path,
        dpi=request.dpi, theme=request.theme, provenance=request.origin,
    )  # fmt: skip


def drawer() -> Callable[[FigureRequest, Any], None]:
    """Return the work of a child process that draws."""
    return lambda request, reporter: draw(request)


class Drawing:
    """The network, the processes that draw, and the names that are taken.

    Parameters
    ----------
    network : LoadedModel or None
        None where only spectra are drawn.
    """

    def __init__(self, network: LoadedModel | None) -> None:
        self.network = network
        self.taken: set[str] = set()
        self._pool: Pool | None = None
        self._progress = Progress()

    def draw(self, requests: Sequence[FigureRequest]) -> None:
        """Draw figures on all cores.

        Raises
        ------
        SpectraCNNError
            The first error, such as of a full disk.
        """
        from spectracnn.jobs.pool import Pool, cores

        if self._pool is None and (len(requests) < _FEW or cores() == 1):
            for request in requests:
                draw(request)
            return
        self._pool = self._pool or Pool(drawer, name="SpectraCNN drawer")
        errors = [
            result
            for _, result in self._pool.map(requests, self._progress)
            if isinstance(result, SpectraCNNError)
        ]
        if errors:
            raise errors[0]

    def close(self) -> None:
        """End the processes."""
        self._progress.cancel()
        if self._pool is not None:
            self._pool.end()


@dataclass(frozen=True, eq=False)
class Sketch:
    """A spectrum with what is drawn of it."""

    item: InputSpectrum
    contents: Contents
    origin: dict[str, Any]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, eq=False)
class SketchBatch:
    """Some spectra in their order."""

    items: list[Sketch]


@dataclass(frozen=True)
class PlotWork(NetworkWork):
    """What is drawn.

    Parameters
    ----------
    folder : Path
        Of the figures.
    panels : tuple of str
        Which figures of each spectrum.
    form : str
        Of the files: ``png``, ``svg`` or ``pdf``.
    theme : str
        Light or dark.
    dpi : float
        Dots per inch.
    needed : bool
        Whether a network is.
    """

    folder: Path = Path()
    panels: tuple[Panel, ...] = ()
    form: str = "png"
    theme: ThemeName = "light"
    dpi: float = 200
    needed: bool = True

    suffix: ClassVar[str] = ".txt"
    rows: ClassVar[int] = 64
    files: ClassVar[int] = 64

    def shards(self, files: Sequence[str]) -> list[Shard]:
        """Part a study."""
        return make_shards(files, self.orientation, self.rows)

    def open(self) -> Drawing:  # type: ignore[override]
        """Return what draws."""
        return Drawing(super().open() if self.needed else None)

    def close(self, opened: Drawing) -> None:
        """End the processes."""
        opened.close()

    def journal_folder(self, out: Path) -> Path | None:
        """Return where parts wait: among the figures."""
        return out / ".spectracnn-unfinished"

    def fingerprint(self) -> dict[str, Any]:
        """Return what the model is, where there is one."""
        return super().fingerprint() if self.needed else {}

    def batches(  # type: ignore[override]
        self, opened: Drawing, shard: Shard, recorder: ReportRecorder
    ) -> Iterator[SketchBatch]:
        """Read a shard and compute what is drawn."""
        waiting: list[Sketch] = []
        for piece in shard_reader(self.orientation).pieces(shard, recorder):
            for item in piece:
                waiting.append(self._sketch(item, opened.network, recorder))
                if len(waiting) == _AT_ONCE:
                    yield SketchBatch(waiting)
                    waiting = []
        if waiting:
            yield SketchBatch(waiting)

    def _sketch(
        self, item: InputSpectrum, network: LoadedModel | None, recorder: ReportRecorder
    ) -> Sketch:
        """Return what is drawn; of a spectrum that the model refuses, only its own figure."""
        document = Document((Entry(0, item.spectrum),), network.description if network else None)
        panels = self.panels
        if network is not None:
            try:
                trace = network.trace(item.spectrum)
            except PreprocessingError as error:
                recorder.fail(item.file, str(error))
                panels = tuple(panel for panel in panels if panel == "spectrum")
            else:
                entry = Entry(0, item.spectrum, trace.probabilities)
                document = document.with_entries([entry]).with_trace(0, trace)
        selection = Selection(current=0)
        origin = dict(provenance(document, selection))
        return Sketch(item, resolve(document, selection), origin, panels)

    @contextmanager
    def sink(self, path: Path, opened: Drawing) -> Iterator[Sink]:
        """Return the list of a part's names, beside which its figures are drawn."""
        if not opened.taken:  # those of an earlier run, whose parts stand before this one
            for part in sorted(path.parent.glob(f"part-*{self.suffix}")):
                opened.taken.update(part.read_text(encoding="utf-8").splitlines())
        with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
            yield _PlotSink(self, stream.write)

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Leave the figures where they are."""


class _PlotSink(Sink):
    def __init__(self, work: PlotWork, write: Callable[[str], int]) -> None:
        super().__init__()
        self._work, self._write = work, write

    def append(self, opened: Drawing, batch: SketchBatch) -> None:
        work, requests = self._work, []
        for sketch in batch.items:
            stem = unique_stem(sketch.item.spectrum.name, opened.taken)
            self._write(f"{stem.casefold()}\n")
            for panel in sketch.panels:
                path = work.folder / f"{stem}-{panel}.{work.form}"
                about = (work.dpi, work.theme, sketch.origin)
                requests.append(FigureRequest(sketch.contents, panel, path, *about))
        opened.draw(requests)
