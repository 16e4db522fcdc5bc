"""What stands beside an array of eigenvalues: names, labels, areas, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.block import SpectraBlock
from spectracnn.core.columns import Computed, Repeated, at_rows
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.io.shape_texts import ShapeTexts, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Sized

    from numpy.typing import NDArray

    from spectracnn.io.named_array import NamedArray
    from spectracnn.io.source import Source

AREA = frozenset({"area", "areas", "surface_area", "surface area", "surfacearea"})
VOLUME = frozenset({"volume", "volumes", "vol"})
NAME = frozenset({"name", "names", "shape_name", "shape_names", "mesh_name", "mesh_names"})
LABEL = frozenset({"label", "labels", "class", "category", "target", "y"})
CLASS_NAMES = frozenset({"class_names", "classes", "label_names", "classnames"})
IDENTITY = frozenset({"mesh_id", "mesh_ids", "id", "ids", "subject", "subjects", "subject_id"})
SUBJECT = frozenset(
    {"subject", "subjects", "subject_id", "subject_ids", "participant_id", "participant", "sid"}
)
STRUCTURE = frozenset({"structure", "structures", "region", "regions", "roi", "tract", "tracts"})


_KINDS: dict[str, Any] = {"surface": Kind.SURFACE, "solid": Kind.SOLID}
_STATES: dict[str, Any] = {"raw": Normalisation.RAW, "normalised": Normalisation.NORMALISED}
_WORDS = {
    "kind": ("kind", _KINDS),
    "normalisation": ("normalisation", _STATES),
    "normalization": ("normalisation", _STATES),
}
"""Fields that say one of a few words, and what these mean; other words stay metadata."""


@dataclass(frozen=True)
class Window:
    """Which rows of a larger array are read, and how all of its rows are called.

    Parameters
    ----------
    start, total : int
        The first row, and how many the array has.
    naming : (str, str)
        From :func:`naming`.
    """

    start: int
    total: int
    naming: tuple[str, str]


class ShapeFields:
    """The arrays of one group that say something of each shape, or of all.

    Parameters
    ----------
    source : Source
        For names.
    entry : NamedArray
        The array of eigenvalues.
    entries : list of NamedArray
        All arrays of the file.
    many : bool
        Whether the file holds other arrays of eigenvalues, so that keys must enter the names.
    window : Window, optional
        Where the entries are only some rows of what the file holds.

    Attributes
    ----------
    siblings : list of NamedArray
        The arrays beside the eigenvalues.
    """

    def __init__(
        self,
        source: Source,
        entry: NamedArray,
        entries: list[NamedArray],
        many: bool,
        window: Window | None = None,
    ) -> None:
        self._window = window
        self._source = source
        self._entry = entry
        self._many = many
        self.siblings = [
            other
            for other in entries
            if other.group == entry.group and other is not entry and other.kind != "other"
        ]
        self._class_names = self._find_class_names(entries)

    def _find_class_names(self, entries: list[NamedArray]) -> list[str]:
        for entry in entries:
            if entry.name in CLASS_NAMES and entry.kind == "text" and len(entry.squeezed) == 1:
                return [as_text(item) for item in entry.load().ravel()]
        return []

    def count(self, shape: tuple[int, ...]) -> int | None:
        """Return how many shapes there are, where another array's length tells; else None."""
        known = AREA | VOLUME | NAME | LABEL | IDENTITY
        lengths = {
            other.squeezed[0]
            for other in self.siblings
            if other.name in known and len(other.squeezed) == 1
        }
        fitting = lengths & set(shape)
        return fitting.pop() if len(fitting) == 1 and shape[0] != shape[1] else None

    def spectra(self, table: NDArray[np.float64], notes: list[str]) -> list[Spectrum]:
        """Make the spectra of a vector, or of each row.

        A row without one finite number is left out, with a note.
        """
        return [spectrum for spectrum, _ in self.numbered(table, notes)]

    def numbered(self, table: NDArray[np.float64], notes: list[str]) -> list[tuple[Spectrum, int]]:
        """Make the spectra as :meth:`spectra` does, each with the number of its row."""
        block, kept = self.block(table[None] if table.ndim == 1 else table, notes)
        return list(zip(block, kept.tolist(), strict=True))

    def block(
        self, table: NDArray[np.float64], notes: list[str]
    ) -> tuple[SpectraBlock, NDArray[np.int64]]:
        """Return the spectra of rows without making an object of each, and their rows' numbers."""
        count = len(table)
        self._source.claim_spectra(count)
        names, fields, metadata, about = self._beside(count)
        known: NDArray[np.bool_] = np.asarray(np.isfinite(table).any(axis=1))
        kept = np.flatnonzero(known)
        if len(kept) == count:
            own = frozen_array(table, np.float64)
            return SpectraBlock(own, fields, metadata, about), kept
        _skipped(names, known.tolist(), notes)
        columns = {key: at_rows(column, kept) for key, column in fields.items()}
        own = frozen_array(table[kept], np.float64)
        return SpectraBlock(own, columns, at_rows(metadata, kept), about), kept

    def spectra_of_rows(
        self, rows: Sequence[NDArray[np.float64]], notes: list[str]
    ) -> list[Spectrum]:
        """Make the spectra of rows that may differ in length; see :meth:`spectra`."""
        self._source.claim_spectra(len(rows))
        names, fields, metadata, _ = self._beside(len(rows))
        known = [bool(np.isfinite(values).any()) for values in rows]
        _skipped(names, known, notes)
        made = []
        for place, values in enumerate(rows):
            if known[place]:
                own = {name: column[place] for name, column in fields.items()}
                for size in ("area", "volume"):
                    own[size] = _size(own[size])
                made.append(Spectrum(eigenvalues=values, metadata=metadata[place], **own))
        return made

    def _beside(
        self, count: int
    ) -> tuple[Sequence[str], dict[str, Any], Sequence[Mapping[str, str]], frozenset[str]]:
        """Return names, fields, metadata and its keys, of all rows."""
        columns = self._columns(count)
        names = self._names(count, columns)
        return names, *self._fields(names, count, columns)

    def _columns(self, count: int) -> dict[str, ShapeTexts | Repeated]:
        """Return every field as text, one for each shape; a single value holds for all."""
        columns: dict[str, ShapeTexts | Repeated] = {}
        for other in self.siblings:
            key = other.key.rpartition("/")[2]
            if other.name in CLASS_NAMES or other.nbytes > max(count, 1) * 4096:
                continue
            # An array as long as there are shapes has one value of each; others say nothing.
            if other.squeezed == (count,) and other.shape:
                columns[key] = ShapeTexts(other.load().ravel())
            elif not other.shape or other.squeezed == (1,):
                columns[key] = Repeated(as_text(other.load().ravel()[0]), count)
        return columns

    def _labels(self, columns: Mapping[str, Sequence[str]]) -> list[str]:
        for key, column in columns.items():
            if key.lower() in LABEL:
                return [self._class_name(text) for text in column]
        return []

    def _class_name(self, text: str) -> str:
        if self._class_names and text.isdecimal() and int(text) < len(self._class_names):
            return self._class_names[int(text)]
        return text

    def _names(self, count: int, columns: Mapping[str, Sequence[str]]) -> Sequence[str]:
        stem = self._source.name
        if self._many:
            inner = self._entry.group.replace("/", ".") or self._entry.key
            if any(entry.name == self._entry.name for entry in self.siblings):
                inner = self._entry.key.replace("/", ".")
            stem = f"{stem} {inner}".strip()
        total = self._window.total if self._window else count
        start = self._window.start if self._window else 0
        if self._window:
            kind, chosen = self._window.naming
        else:
            kind, chosen = naming(count, {key: set(column) for key, column in columns.items()})
        if kind == "name":
            return list(columns[chosen])
        if total == 1:
            return [stem]
        if kind == "identity":
            labels = self._labels(columns)
            return [
                f"{labels[at] if labels else stem} {text}"
                for at, text in enumerate(columns[chosen])
            ]
        return [f"{stem} {start + place}" for place in range(1, count + 1)]

    def _fields(
        self, names: Sequence[str], count: int, columns: Mapping[str, ShapeTexts | Repeated]
    ) -> tuple[dict[str, Any], Sequence[Mapping[str, str]], frozenset[str]]:
        """Return what spectra have beside their values, the rest as metadata, and its keys.

        Parameters
        ----------
        names : sequence of str
            Of n spectra.
        count : int
            n.
        columns : mapping of str to sequence of str
            Fields of the spectra, by their names in the file.
        """
        key = self._entry.key.replace("/", ".")
        total = self._window.total if self._window else count
        start = self._window.start if self._window else 0
        numbered = Computed(lambda place: f"{key}[{place}]", range(start, start + count))
        fields: dict[str, Any] = {
            "name": names,
            "kind": Repeated(Kind.UNKNOWN, count),
            "area": np.full(count, np.nan),
            "volume": np.full(count, np.nan),
            "source": Repeated(self._source.path, count),
            "key": numbered if total > 1 else Repeated(key, count),
            "normalisation": Repeated(Normalisation.UNKNOWN, count),
            "subject": Repeated("", count),
            "structure": Repeated("", count),
        }
        rest: dict[str, Sequence[str | None]] = {}
        for field, texts in columns.items():
            word = field.lower()
            if word in AREA or word in VOLUME:
                fields["area" if word in AREA else "volume"] = _sizes(texts)
            elif word in SUBJECT or word in STRUCTURE:
                own = texts if isinstance(texts, Repeated) else list(texts)
                fields["subject" if word in SUBJECT else "structure"] = own
            elif word in LABEL:
                rest |= self._of_labels(list(texts))
            elif word in _WORDS:
                attribute, kinds = _WORDS[word]
                fields[attribute] = [
                    kinds.get(text.lower(), old)
                    for text, old in zip(texts, fields[attribute], strict=True)
                ]
                rest[field] = [None if text.lower() in kinds else text for text in texts]
            elif word not in NAME:
                rest[field] = texts
        if not rest:
            return fields, Repeated({}, count), frozenset()

        def others(place: int) -> dict[str, str]:
            found = {key: texts[place] for key, texts in rest.items()}
            return {key: text for key, text in found.items() if text is not None}

        return fields, Computed(others, range(count)), frozenset(rest)

    def _of_labels(self, texts: list[str]) -> dict[str, Sequence[str | None]]:
        """Return the labels, and their numbers in the file where it gives numbers."""
        labels: list[str | None] = [self._class_name(text) for text in texts]
        pairs = zip(texts, labels, strict=True)
        index = [text if text != label else None for text, label in pairs]
        return {"label": labels, "label_index": index} if any(index) else {"label": labels}


def naming(count: int, distinct: Mapping[str, Sized]) -> tuple[str, str]:
    """Return from which field the names of shapes are made, and how.

    Parameters
    ----------
    count : int
        How many shapes there are.
    distinct : mapping of str to sized
        The distinct values of each field.

    Returns
    -------
    kind : {'name', 'identity', ''}
        The field's values are the names; or what tells shapes of one label apart; or none does.
    key : str
        The field.
    """
    for key, values in distinct.items():
        if key.lower() in NAME and (count == 1 or len(values) > 1):
            return "name", key
    for key, values in distinct.items():
        if key.lower() in IDENTITY and len(values) == count:
            return "identity", key
    return "", ""


def _sizes(texts: ShapeTexts | Repeated) -> NDArray[np.float64]:
    """Return areas or volumes, NaN where the file has none."""
    if isinstance(texts, Repeated):
        return np.full(len(texts), _number(texts.value))
    numbers = texts.numbers
    if numbers is None:
        return np.array([_number(text) for text in texts], np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def _size(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _skipped(names: Sequence[str], known: Sequence[bool], notes: list[str]) -> None:
    """Note the rows that hold no number."""
    for name, any_finite in zip(names, known, strict=True):
        if not any_finite:
            notes.append(f"{name} was skipped: it holds no finite number.")
