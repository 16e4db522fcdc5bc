"""What is to be exported, as frozen records that can be sent to another process. No Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path  # noqa: TC003  (a dataclass field)
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from spectracnn.core.journal import JOURNAL_MM
from spectracnn.state.selection import SPECTRUM
from spectracnn.view.tints import reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from spectracnn.figures.export import Panel
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.view.contents import Contents

EACH = "each"
"""Every panel, a file each."""
GROUPS = {
    "all": "Whole view, one file",
    EACH: "Every panel, a file each",
    "spectrum": "Spectrum plot",
    "attribution": "Attribution",
    "layers": "Spectrum and all layers",
    "overview": "Whole network, one page",
    "prediction": "Prediction",
}
"""What can be exported beside a single layer, and how it is called."""
FIGURE_FORMATS = ("png", "svg", "pdf")
VALUES_FORMATS = ("csv", "npz", "h5")
LEAST_DPI, MOST_DPI = 50, 1200
LEAST_MM, MOST_MM = 50, 600
MM_PER_INCH = 25.4
_MOST_NAME = 60
"""Letters of a spectrum's or a layer's name in a file's name, which systems limit to 255 bytes."""
_SUFFIX = re.compile(r"\.(png|svg|pdf|csv|npz|h5|hdf5)$", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[^\w.+-]+")


def _of(default: Any, allowed: Container[Any]) -> Any:
    """Return a field that is remembered only if its value is one of these."""
    return field(default=default, metadata={"allowed": allowed})


@dataclass(frozen=True)
class ExportChoice:
    """What the person asked for; remembered from one time to the next.

    Parameters
    ----------
    what : str
        A key of `GROUPS`, or ``layer N``.
    values : bool
        Numbers instead of a figure.
    figure_format, values_format : str
        File name suffixes.
    dpi : int
        Dots in an inch.
    size : str
        Which of the sizes offered; ``own`` means `width` and `height`, a journal's column or page
        a width alone.
    width, height : int
        In millimetres.
    theme : str
        ``light`` or ``dark``.
    folder : str
        Where to.
    """

    what: str = _of("all", tuple(GROUPS))
    values: bool = False
    figure_format: str = _of("png", FIGURE_FORMATS)
    values_format: str = _of("csv", VALUES_FORMATS)
    dpi: int = _of(300, range(LEAST_DPI, MOST_DPI + 1))
    size: str = "natural"
    width: int = _of(183, range(LEAST_MM, MOST_MM + 1))
    height: int = _of(120, range(LEAST_MM, MOST_MM + 1))
    theme: str = _of("light", ("light", "dark"))
    folder: str = ""

    @property
    def suffix(self) -> str:
        """The file name's suffix, without the dot."""
        return self.values_format if self.values else self.figure_format

    @property
    def pixels(self) -> tuple[int, int | None] | None:
        """Width and height at this resolution; None for what the contents need."""
        if self.size == "natural":
            return None
        width = JOURNAL_MM.get(self.size, self.width)
        across, down = (round(side / MM_PER_INCH * self.dpi) for side in (width, self.height))
        return across, None if self.size in JOURNAL_MM else down


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Document and selection as they stood, in a form that can be pickled.

    Parameters
    ----------
    document : Document
        Only the entries that are shown.
    selection : Selection
        Without the sample under the pointer, which is not there for a figure.
    """

    document: Document
    selection: Selection

    @classmethod
    def of(cls, document: Document, selection: Selection) -> Snapshot:
        """Take what is shown."""
        shown = selection.overlaid | {selection.current}
        entries = tuple(
            document.entries[row]
            for row in sorted(document.rows[item] for item in shown if item in document.rows)
        )
        table = reduced(document, selection.coloured_by, entries)
        kept = replace(document, entries=entries, participants=table, others=(), labels={})
        return cls(kept, replace(selection, hovered=None))

    def __getstate__(self) -> dict[str, Any]:
        return {name: _mappings(record, dict) for name, record in vars(self).items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, record in state.items():
            self.__dict__[name] = _mappings(record, MappingProxyType)


def _mappings(record: Any, kind: Callable[[Any], Any]) -> Any:
    """Return a record with mappings of another kind: a mapping proxy cannot be pickled."""
    found = {item.name: getattr(record, item.name) for item in fields(record)}
    changed = {name: kind(value) for name, value in found.items() if isinstance(value, Mapping)}
    return replace(record, **changed)


@dataclass(frozen=True)
class FigureFile:
    """One file to write.

    Parameters
    ----------
    panel : Panel
        What goes into it.
    path : Path
        Where to.
    """

    panel: Panel
    path: Path


def panel_of(what: str) -> Panel:
    """Return the panel of a choice that is not `EACH`."""
    return int(what.removeprefix("layer ")) if what.startswith("layer ") else what  # type: ignore[return-value]


def choice_of(panel: int) -> str:
    """Return the choice that means a panel of the window."""
    return "spectrum" if panel == SPECTRUM else f"layer {panel}"


def default_stem(contents: Contents) -> str:
    """Return what to call the files when nobody says."""
    current = next((curve.name for curve in contents.spectrum.curves if curve.emphasised), "")
    return clean_name(current)[:_MOST_NAME].strip("-.") or "spectracnn"


def clean_name(text: str) -> str:
    """Return the text as a file name without suffix that every system takes.

    Examples
    --------
    >>> clean_name("human 1/raw.png")
    'human-1-raw'
    """
    return _NOT_IN_NAMES.sub("-", _SUFFIX.sub("", text.strip())).strip("-.")


def targets(choice: ExportChoice, contents: Contents, folder: Path, stem: str) -> list[FigureFile]:
    """Return the files that an export writes.

    The whole view is no single table, so as CSV it becomes a file a panel.
    """
    panels: list[Panel] = []
    if choice.what == EACH or (choice.what == "all" and choice.values and choice.suffix == "csv"):
        panels = _each(contents)
    else:
        panels = [panel_of(choice.what)]
    names = [_file_name(panel, contents, stem) for panel in panels]
    return [
        FigureFile(panel, folder / f"{name}.{choice.suffix}")
        for panel, name in zip(panels, names, strict=True)
    ]


def _each(contents: Contents) -> list[Panel]:
    panels: list[Panel] = ["spectrum"]
    if contents.attribution is not None:
        panels.append("attribution")
    panels += [layer.index for layer in contents.layers if layer.picture is not None]
    if contents.prediction.classes:
        panels.append("prediction")
    return panels


def _file_name(panel: Panel, contents: Contents, stem: str) -> str:
    if isinstance(panel, int):
        title = next((layer.title for layer in contents.layers if layer.index == panel), "")
        return f"{stem}-{panel:02d}-{clean_name(title)[:_MOST_NAME]}"
    return stem if panel == "all" else f"{stem}-{panel}"
