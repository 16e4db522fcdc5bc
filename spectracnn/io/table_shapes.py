"""From a table with one shape per row to spectra: names, labels, areas and values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Spectrum
from spectracnn.io.fields import AREA, IDENTITY, LABEL, NAME, STRUCTURE, SUBJECT, VOLUME
from spectracnn.io.named_arrays import KEYS
from spectracnn.io.wide_columns import structures_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.io.source import Source

EIGENVALUE_NAME = re.compile(
    r"(?:ev|evals?|eigs?|eigval(?:ue)?s?|eigenvalues?|lambda|lam|λ|l)[\s_:#\-\[(]*\d+[\])]?",
    re.IGNORECASE,
)
_OTHER_FIELDS = frozenset({
    "index", "idx", "euler", "eulerchar", "n_vertices", "n_triangles", "n_faces", "age", "sex",
    "dof", "elements", "group", "file", "filename",
}) | SUBJECT | STRUCTURE  # fmt: skip
# In a table of two curves 'y' is a title like any other, not the labels of a data set.
TABLE_LABEL = LABEL - {"y"}
FIELD_NAMES = AREA | VOLUME | TABLE_LABEL | NAME | IDENTITY | _OTHER_FIELDS
_GENERIC = frozenset(KEYS) | {"value", "values", "x", "y", "0", "1", "e", "λ"}


@dataclass
class Lines:
    """A table turned so that each row is a shape.

    Parameters
    ----------
    values, blank : ndarray, shape (shapes, columns)
        The numbers, and where the file has nothing.
    columns : list of str
        Names of the columns.
    names : list of str
        What stands at the head of each shape; empty where nothing does.
    texts : list of (str, list of str)
        Further text for each shape, with its name.
    """

    values: NDArray[np.float64]
    blank: NDArray[np.bool_]
    columns: list[str]
    names: list[str]
    texts: list[tuple[str, list[str]]]


def make_spectra(source: Source, lines: Lines, notes: list[str]) -> list[Spectrum]:
    """Make one spectrum of each row that holds a finite number."""
    count = len(lines.values)
    source.claim_spectra(count)
    wide = structures_of(lines.columns)
    if wide:
        return _wide_spectra(source, lines, wide, notes)
    words = [name.strip().lower() for name in lines.columns]
    eigen = [bool(EIGENVALUE_NAME.fullmatch(word)) for word in words]
    aside = [
        at
        for at, word in enumerate(words)
        if (word and not eigen[at] and any(eigen)) or word in FIELD_NAMES
    ]
    kept = np.array([at for at in range(lines.values.shape[1]) if at not in set(aside)], int)
    names, labels, metadata = _words(source, lines, count)
    made = []
    for row in range(count):
        found: dict[str, float | None] = {"area": None, "volume": None}
        more = dict(metadata[row])
        label = labels[row]
        for at in aside:
            value = float(lines.values[row, at])
            _put(found, more, lines.columns[at], words[at], value)
        label = label or more.pop("label", "")
        values = _trim(lines.values[row, kept], lines.blank[row, kept])
        if not np.isfinite(values).any():
            notes.append(f"{names[row]} was skipped: it holds no finite number.")
            continue
        subject, structure = _whose(lines, more, row)
        made.append(
            Spectrum(
                name=f"{subject} {structure}" if subject and structure else names[row],
                eigenvalues=values,
                source=source.path,
                key=names[row] if count > 1 else "",
                metadata={"label": label, **more} if label else more,
                area=found["area"],
                volume=found["volume"],
                subject=subject,
                structure=structure,
            )
        )
    return made


def _wide_spectra(
    source: Source, lines: Lines, wide: dict[str, list[int]], notes: list[str]
) -> list[Spectrum]:
    """Make a spectrum of each structure of each row."""
    count = len(lines.values)
    source.claim_spectra(count * len(wide))
    names, labels, metadata = _words(source, lines, count)
    named = bool(lines.texts) or any(lines.names)
    used = {place for places in wide.values() for place in places}
    for row, more in enumerate(metadata):
        for place in (place for place in range(len(lines.columns)) if place not in used):
            title, value = lines.columns[place], float(lines.values[row, place])
            _put({}, more, title, title.strip().lower(), value)
    made = []
    for structure, places in wide.items():
        for row in range(count):
            more = {key: text for key, text in metadata[row].items() if key != "label"}
            label = labels[row] or metadata[row].get("label", "")
            subject = _whose(lines, more, row)[0] or (names[row] if named else f"subject {row + 1}")
            values = _trim(lines.values[row, places], lines.blank[row, places])
            if not np.isfinite(values).any():
                notes.append(f"{subject} {structure} was skipped: it holds no finite number.")
                continue
            made.append(
                Spectrum(
                    name=f"{subject} {structure}",
                    eigenvalues=values,
                    source=source.path,
                    key=f"{subject} {structure}",
                    metadata={"label": label, **more} if label else more,
                    subject=subject,
                    structure=structure,
                )
            )
    return made


def _whose(lines: Lines, more: dict[str, str], row: int) -> tuple[str, str]:
    """Return subject and structure of a shape, where columns of these names say so."""
    texts = {title.strip().lower(): column[row] for title, column in lines.texts}
    texts |= {key.strip().lower(): value for key, value in more.items()}
    subject = next((texts[word] for word in texts if word in SUBJECT), "")
    return subject.strip(), next((texts[word] for word in texts if word in STRUCTURE), "").strip()


def _put(
    found: dict[str, float | None], more: dict[str, str], name: str, word: str, value: float
) -> None:
    if not np.isfinite(value):
        return
    text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if word in AREA or word in VOLUME:
        found["area" if word in AREA else "volume"] = value
    else:
        more["label" if word in TABLE_LABEL else name.strip()] = text


def _words(
    source: Source, lines: Lines, count: int
) -> tuple[list[str], list[str], list[dict[str, str]]]:
    """Give each shape its name, its label and the rest of its text."""
    names: list[str] = []
    labels: list[str] = []
    metadata: list[dict[str, str]] = [{} for _ in range(count)]
    for number, (title, column) in enumerate(lines.texts, 1):
        word = title.strip().lower()
        unique = len(set(column)) == count and all(column)
        if (
            not names
            and word not in TABLE_LABEL
            and (word in NAME | IDENTITY or (unique and count > 1))
        ):
            names = column
        elif not labels and (word in TABLE_LABEL or not word):
            labels = column
        else:
            for record, text in zip(metadata, column, strict=True):
                record[title.strip() or f"text {number}"] = text
    heads = [name.strip() for name in lines.names]
    if not names and any(heads) and len(set(heads)) == count and heads != labels:
        counting = all(head.isdecimal() for head in heads)
        generic = count == 1 and (
            heads[0].lower() in _GENERIC or bool(EIGENVALUE_NAME.fullmatch(heads[0]))
        )
        if not generic and all(heads):
            names = [f"{source.name} {head}" for head in heads] if counting else heads
    if not names:
        names = [source.name] if count == 1 else [f"{source.name} {k + 1}" for k in range(count)]
    return names, labels or [""] * count, metadata


def _trim(values: NDArray[np.float64], blank: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Cut empty cells off the end: they are padding. A written NaN stays."""
    filled = np.flatnonzero(~blank)
    return values[: filled[-1] + 1] if filled.size else values[:0]
