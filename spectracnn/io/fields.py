"""What stands beside an array of eigenvalues: names, labels, areas, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum, spectra_of_rows

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
        return self._of_rows(table[None] if table.ndim == 1 else table, notes)

    def spectra_of_rows(
        self, rows: Sequence[NDArray[np.float64]], notes: list[str]
    ) -> list[Spectrum]:
        """Make the spectra of rows that may differ in length; see :meth:`spectra`."""
        return [spectrum for spectrum, _ in self._of_rows(rows, notes)]

    def _of_rows(
        self, rows: Sequence[NDArray[np.float64]] | NDArray[np.float64], notes: list[str]
    ) -> list[tuple[Spectrum, int]]:
        count = len(rows)
        self._source.claim_spectra(count)
        columns = self._columns(count)
        names = self._names(count, columns)
        table = rows if isinstance(rows, np.ndarray) else None
        if table is not None:
            known: list[bool] = np.asarray(np.isfinite(table).any(axis=1)).tolist()
        else:
            known = [bool(np.isfinite(values).any()) for values in rows]
        kept = [place for place in range(count) if known[place]]
        if len(kept) < count:
            left_out = (names[place] for place in range(count) if not known[place])
            notes += [f"{name} was skipped: it holds no finite number." for name in left_out]
            names = [names[place] for place in kept]
            columns = {key: [column[at] for at in kept] for key, column in columns.items()}
        fields, metadata = self._fields(names, kept, count, columns)
        if table is None:
            made = [
                Spectrum(
                    eigenvalues=rows[place],
                    metadata=metadata[at],
                    **{name: column[at] for name, column in fields.items()},
                )
                for at, place in enumerate(kept)
            ]
        else:
            own = frozen_array(table if len(kept) == count else table[kept], np.float64)
            made = spectra_of_rows(own, metadata, **fields)
        return list(zip(made, kept, strict=True))

    def _columns(self, count: int) -> dict[str, list[str]]:
        """Return every field as text, one for each shape; a single value holds for all."""
        columns: dict[str, list[str]] = {}
        for other in self.siblings:
            key = other.key.rpartition("/")[2]
            if other.name in CLASS_NAMES or other.nbytes > max(count, 1) * 4096:
                continue
            # An array as long as there are shapes has one value of each; others say nothing.
            if other.squeezed == (count,) and other.shape:
                columns[key] = [as_text(item) for item in other.load().ravel()]
            elif not other.shape or other.squeezed == (1,):
                columns[key] = [as_text(other.load().ravel()[0])] * count
        return columns

    def _labels(self, columns: dict[str, list[str]]) -> list[str]:
        for key, column in columns.items():
            if key.lower() in LABEL:
                return [self._class_name(text) for text in column]
        return []

    def _class_name(self, text: str) -> str:
        if self._class_names and text.isdecimal() and int(text) < len(self._class_names):
            return self._class_names[int(text)]
        return text

    def _names(self, count: int, columns: dict[str, list[str]]) -> list[str]:
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
            return columns[chosen]
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
        self, names: list[str], places: list[int], count: int, columns: dict[str, list[str]]
    ) -> tuple[dict[str, list[Any]], list[dict[str, str]]]:
        """Return what spectra have beside their values, and of each the rest as metadata.

        Parameters
        ----------
        names : list of str
            Of n spectra.
        places : list of int
            Which rows they are.
        count : int
            How many rows there are.
        columns : dict of str to list of str
            Fields of the spectra, by their names in the file.
        """
        key = self._entry.key.replace("/", ".")
        total = self._window.total if self._window else count
        start = self._window.start if self._window else 0
        n = len(names)
        fields: dict[str, list[Any]] = {
            "name": names,
            "kind": [Kind.UNKNOWN] * n,
            "area": [None] * n,
            "volume": [None] * n,
            "source": [self._source.path] * n,
            "key": [f"{key}[{start + place}]" if total > 1 else key for place in places],
            "normalisation": [Normalisation.UNKNOWN] * n,
            "subject": [""] * n,
            "structure": [""] * n,
        }
        rest: dict[str, Sequence[str | None]] = {}
        for field, texts in columns.items():
            word = field.lower()
            if word in AREA or word in VOLUME:
                fields["area" if word in AREA else "volume"] = [_size(text) for text in texts]
            elif word in SUBJECT or word in STRUCTURE:
                fields["subject" if word in SUBJECT else "structure"] = texts
            elif word in LABEL:
                rest["label"] = [self._class_name(text) for text in texts]
                pairs = zip(texts, rest["label"], strict=True)
                index = [text if text != label else None for text, label in pairs]
                if any(index):
                    rest["label_index"] = index
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
            return fields, [{}] * n
        rows = zip(*rest.values(), strict=True)
        return fields, [
            {key: text for key, text in zip(rest, row, strict=True) if text is not None}
            for row in rows
        ]


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


def _size(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def as_text(item: Any) -> str:
    """Return one element of an array as text."""
    if isinstance(item, bytes):
        try:
            return item.decode("utf-8").strip()
        except UnicodeDecodeError:
            return item.decode("latin-1").strip()
    # repr of a Python number is exact; float(1.5) reads the same back.
    return str(item.item() if isinstance(item, np.generic) else item).strip()
