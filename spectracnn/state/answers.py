"""What is known of all open spectra as arrays, one row an entry, in the order of the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.participants import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.state.entry import Entry


@dataclass(frozen=True, eq=False)
class Answers:
    """What the current model says of n entries.

    Parameters
    ----------
    ids : ndarray, shape (n,), int64
        The entries.
    probabilities : ndarray, shape (n, classes), float32
        NaN while unknown, and where a spectrum is refused; without columns while none is known.
    values : ndarray, shape (n, values), float32
        Of a regression what it says; without columns for any other model.
    typicality : ndarray, shape (n,), float32
        A p-value; NaN where unknown.
    shadow : ndarray, shape (n,), int32
        The class that the linear model says; -1 where there is none.
    refused : ndarray, shape (n,), bool
        Whether the network cannot read the spectrum.
    answered : ndarray, shape (n,), bool
        Whether the model has said anything; of a regression there are no probabilities.
    edited : ndarray, shape (n,), bool
        Whether it is not what the file holds.
    """

    ids: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    values: NDArray[np.float32]
    typicality: NDArray[np.float32]
    shadow: NDArray[np.int32]
    refused: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    edited: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for values in vars(self).values():
            values.flags.writeable = False

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, entries: Sequence[Entry], reading: Reading | None) -> Answers:
        """Gather what entries hold.

        Parameters
        ----------
        entries : sequence of Entry
            In their order.
        reading : Reading or None
            How the model's outputs are read; None without a model.
        """
        count = len(entries)
        ids = np.fromiter((entry.id for entry in entries), np.int64, count)
        refused = np.fromiter((bool(entry.refusal) for entry in entries), np.bool_, count)
        answered = np.fromiter((e.probabilities is not None for e in entries), np.bool_, count)
        edited = np.fromiter((bool(entry.edits) for entry in entries), np.bool_, count)
        judged = [entry.judged for entry in entries]
        p = (np.nan if item is None else item.typicality for item in judged)
        typicality = np.fromiter(p, np.float32, count)
        shadow = _largest([None if item is None else item.shadow for item in judged])
        probabilities = _stacked([entry.probabilities for entry in entries])
        values = np.zeros((count, 0), np.float32)
        if reading is not None and reading.is_values:
            rows = [None if e.outputs is None else reading.values(e.outputs) for e in entries]
            values = _stacked(rows)
        return cls(ids, probabilities, values, typicality, shadow, refused, answered, edited)

    @classmethod
    def unanswered(cls, entries: Sequence[Entry]) -> Answers:
        """Return those of entries that were opened just now: the model has said nothing yet."""
        count = len(entries)
        ids = np.fromiter(map(_ID, entries), np.int64, count)
        table, nothing = np.zeros((count, 0), np.float32), np.zeros(count, np.bool_)
        typicality = np.full(count, np.nan, np.float32)
        shadow = np.full(count, -1, np.int32)
        rest = (nothing.copy() for _ in range(3))
        return cls(ids, table, table.copy(), typicality, shadow, *rest)

    @property
    def open_rows(self) -> NDArray[np.int64]:
        """Where something may still be asked of the model."""
        return np.flatnonzero((~self.answered & ~self.refused) | self.edited)

    def with_rows(self, rows: Iterable[int], part: Answers) -> Answers:
        """Return the same with other answers in some rows."""
        at = np.fromiter(rows, np.int64)
        found = {}
        for name, mine in vars(self).items():
            new = getattr(part, name)
            if mine.ndim == 2:
                mine = _wide(mine, new.shape[1])
                new = _wide(new, mine.shape[1])
            mine = mine.copy()
            mine[at] = new
            found[name] = mine
        return Answers(**found)

    def followed_by(self, part: Answers) -> Answers:
        """Return these and those of further entries."""
        found = {}
        for name, mine in vars(self).items():
            new = getattr(part, name)
            if mine.ndim == 2:
                width = max(mine.shape[1], new.shape[1])
                mine, new = _wide(mine, width), _wide(new, width)
            found[name] = np.concatenate([mine, new])
        return Answers(**found)

    def of_rows(self, rows: NDArray[np.int64]) -> Answers:
        """Return those of some rows."""
        found = {name: values[rows] for name, values in vars(self).items()}
        if not found["answered"].any():
            found |= {name: found[name][:, :0] for name in ("probabilities", "values")}
        return Answers(**found)


def _largest(rows: Sequence[NDArray[np.float32] | None]) -> NDArray[np.int32]:
    """Return where each row is largest, -1 where it is not known or no row of several."""
    table = _stacked(rows)
    found = np.full(len(rows), -1, np.int32)
    if table.shape[1] > 1:
        known = np.isfinite(table).all(axis=1)
        found[known] = table[known].argmax(axis=1)
    return found


def _stacked(rows: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    width = max((row.size for row in rows if row is not None), default=0)
    stacked = np.full((len(rows), width), np.nan, np.float32)
    known = [place for place, row in enumerate(rows) if row is not None and row.size == width]
    if width and known:
        stacked[known] = np.concatenate([rows[place] for place in known]).reshape(-1, width)
    return stacked


def _wide(table: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    if table.shape[1] >= width:
        return table
    return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=np.nan)


_ID = attrgetter("id")
_HAS = {"have_subjects": attrgetter("subject"), "have_structures": attrgetter("structure")}


class Fields:
    """What files say of n spectra beside their values, as columns; made when first asked for.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order of the table.
    """

    def __init__(self, spectra: Sequence[Spectrum]) -> None:
        self._spectra = tuple(spectra)
        self._columns: dict[str, Column] = {}

    def followed_by(self, spectra: Sequence[Spectrum]) -> Fields:
        """Return these and those of further spectra; what need not be looked at again is kept."""
        found = Fields((*self._spectra, *spectra))
        for name, has in _HAS.items():
            if name in self.__dict__:
                found.__dict__[name] = self.__dict__[name] or any(map(has, spectra))
        return found

    def of_rows(self, rows: Sequence[int]) -> Fields:
        """Return those of some of the spectra; what none has, none of these has."""
        found = Fields([self._spectra[row] for row in rows])
        for name in _HAS:
            if self.__dict__.get(name) is False:
                found.__dict__[name] = False
        return found

    @property
    def made(self) -> dict[str, Any]:
        """What was gathered so far, without the spectra, which it keeps nobody from freeing."""
        kept = {name: value for name, value in vars(self).items() if name != "_spectra"}
        return {**kept, "_columns": dict(self._columns)}

    @classmethod
    def remade(cls, spectra: Sequence[Spectrum], made: Mapping[str, Any]) -> Fields:
        """Return fields of which `made` is known already, of the same spectra in their order."""
        found = cls(spectra)
        found.__dict__.update(made)
        return found

    @cached_property
    def have_subjects(self) -> bool:
        """Whether a file says whose a spectrum is."""
        return any(map(_HAS["have_subjects"], self._spectra))

    @cached_property
    def have_structures(self) -> bool:
        """Whether a file says which part of a subject a spectrum is of."""
        return any(map(_HAS["have_structures"], self._spectra))

    @cached_property
    def titles(self) -> list[str]:
        """The names of the spectra in small letters."""
        return [spectrum.name.casefold() for spectrum in self._spectra]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields of the files, in order of first appearance."""
        found: dict[str, None] = {}
        for spectrum in self._spectra:
            if not found.keys() >= spectrum.metadata.keys():
                found.update(dict.fromkeys(spectrum.metadata))
        return tuple(found)

    def column(self, name: str) -> Column:
        """Return a field: numbers where every cell that is not missing is one."""
        if name not in self._columns:
            texts = [spectrum.metadata.get(name, "") for spectrum in self._spectra]
            self._columns[name] = text_column(name, texts)
        return self._columns[name]


def text_column(name: str, texts: Sequence[str]) -> Column:
    """Return texts as a column of numbers, if they are, and of levels; empty is missing."""
    levels: dict[str, int] = {}
    codes = np.fromiter(
        (levels.setdefault(text, len(levels)) if text else -1 for text in texts),
        np.int32,
        len(texts),
    )
    try:
        number_of = np.array([*(float(level) for level in levels), np.nan])
    except ValueError:
        return Column(name, None, codes, tuple(levels))
    if not levels:
        return Column(name, None, codes)
    return Column(name, number_of[codes], codes, tuple(levels))
