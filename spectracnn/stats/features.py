"""Spectra to one row of features a participant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.core.naming import listed
from spectracnn.core.spectrum import Kind, Spectrum, are_zeros
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.stats.bands import Band

Scale = Literal["none", "area", "volume"]
_SHORT = 0.5
"""A spectrum with fewer eigenvalues than this share of the usual number is left out."""
_COMMON = 0.5
"""A structure that fewer than this share of the participants have is left out."""


@dataclass(frozen=True, eq=False)
class Features:
    """One row a participant, one column an eigenvalue of a structure.

    Parameters
    ----------
    units : tuple of str
        Who each row is.
    values : ndarray, shape (n, p), float64
        Features.
    index : ndarray, shape (p,), int64
        The eigenvalue's place in its file, counted from 0.
    structure : tuple of str
        Of each column; empty where there is only one.
    sizes : dict of str to ndarray, shape (n,)
        ``area`` and ``volume`` where every spectrum has them, summed over structures.
    notes : tuple of str
        What was left out, and why.
    label : tuple of str
        Of each column where it is a band; else empty.
    """

    units: tuple[str, ...]
    values: NDArray[np.float64]
    index: NDArray[np.int64]
    structure: tuple[str, ...]
    sizes: dict[str, NDArray[np.float64]]
    notes: tuple[str, ...] = ()
    label: tuple[str, ...] = ()

    def structures(self) -> tuple[str, ...]:
        """Return the structures in order."""
        return tuple(dict.fromkeys(self.structure))

    def of(self, structure: str) -> NDArray[np.int64]:
        """Return the columns of a structure."""
        return np.array([at for at, name in enumerate(self.structure) if name == structure])


class Collector:
    """Takes spectrum after spectrum and keeps only the numbers.

    Parameters
    ----------
    scale : {'none', 'area', 'volume'}
        Eigenvalues as they are, or those of the shape with unit area or unit volume.
    most : int
        How many eigenvalues of each are kept.
    """

    def __init__(self, scale: Scale = "none", most: int = 1000) -> None:
        self._scale = scale
        self._most = most
        self._rows: dict[tuple[str, str], tuple[NDArray[np.float64], float, float]] = {}
        self._skipped: dict[str, list[str]] = {}

    def add(self, unit: str, structure: str, spectrum: Spectrum) -> None:
        """Take a spectrum of a participant's structure."""
        where = f"{unit} {structure}".strip()
        values = spectrum.eigenvalues[: self._most]
        if not np.isfinite(values).all():
            finite = np.flatnonzero(np.isfinite(values))
            values = values[: finite[-1] + 1]
            if not np.isfinite(values).all():
                self._skip("a missing value among the eigenvalues", where)
                return
        if spectrum.flags.negative_sign:
            values = -values
        if spectrum.flags.unsorted:
            values = np.sort(values)
        factor = _factor(spectrum, self._scale)
        if factor is None:
            self._skip(f"no {self._scale}, which --normalise needs", where)
            return
        if (unit, structure) in self._rows:
            self._skip("a second spectrum of the same participant and structure", where)
            return
        area, volume = (np.nan if x is None else x for x in (spectrum.area, spectrum.volume))
        self._rows[unit, structure] = (values * factor, area, volume)

    def _skip(self, reason: str, where: str) -> None:
        self._skipped.setdefault(reason, []).append(where)

    def features(self) -> Features:
        """Return what was taken as one table without gaps.

        Raises
        ------
        StudyError
            If nothing is left.
        """
        notes = [
            f"{len(names):,} left out ({listed(names)}): {reason}."
            for reason, names in self._skipped.items()
        ]
        if not self._rows:
            raise StudyError(" ".join(["No spectrum can be used.", *notes]))
        units = tuple(dict.fromkeys(unit for unit, _ in self._rows))
        structures = _common_structures(self._rows, len(units), notes)
        blocks, index, names = [], [], []
        whole = np.ones(len(units), bool)
        area, volume = np.zeros(len(units)), np.zeros(len(units))
        for structure in structures:
            rows = [self._rows.get((unit, structure)) for unit in units]
            block, there = _block(rows, structure, notes)
            whole &= there
            columns = _not_zero(block[there])
            blocks.append(block[:, columns])
            index.append(columns)
            names += [structure] * len(columns)
            area += [np.nan if row is None else row[1] for row in rows]
            volume += [np.nan if row is None else row[2] for row in rows]
        if not whole.all():
            lacking = [unit for unit, there in zip(units, whole, strict=True) if not there]
            if len(structures) > 1:
                notes.append(f"{len(lacking):,} left out ({listed(lacking)}): not all structures.")
        values = np.hstack(blocks)[whole]
        if not values.size:
            raise StudyError(" ".join(["No eigenvalue is left to compare.", *notes]))
        sizes = {"area": area[whole], "volume": volume[whole]}
        return Features(
            tuple(unit for unit, there in zip(units, whole, strict=True) if there),
            values,
            np.concatenate(index),
            tuple(names),
            {name: size for name, size in sizes.items() if np.isfinite(size).all()},
            tuple(notes),
        )


def _factor(spectrum: Spectrum, scale: Scale) -> float | None:
    """Return by what the eigenvalues are multiplied; None if the size is not known."""
    if scale == "none":
        return 1.0
    size = spectrum.area if scale == "area" else spectrum.volume
    if size is None or not size > 0:
        return None
    return float(size) if scale == "area" else float(size) ** (2 / 3)


def usual_scale(spectrum: Spectrum) -> Scale:
    """Return what a spectrum can be normalised by: a solid's volume, a surface's area."""
    if spectrum.kind is Kind.SOLID and spectrum.volume:
        return "volume"
    return "area" if spectrum.area else "volume" if spectrum.volume else "none"


def _common_structures(rows: Iterable[tuple[str, str]], count: int, notes: list[str]) -> list[str]:
    sizes: dict[str, int] = {}
    for _, structure in rows:
        sizes[structure] = sizes.get(structure, 0) + 1
    rare = [name for name, size in sizes.items() if size < _COMMON * count]
    kept = [name for name in sizes if name not in rare]
    if not kept:  # participants have different structures: the most frequent one is compared
        kept = [max(sizes, key=lambda name: sizes[name])]
        rare = [name for name in sizes if name not in kept]
    if rare:
        notes.append(f"Structure {listed(rare)} left out: most participants lack it.")
    return kept


def _block(
    rows: list[tuple[NDArray[np.float64], float, float] | None], structure: str, notes: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    lengths = np.array([0 if row is None else len(row[0]) for row in rows])
    usual = float(np.median(lengths[lengths > 0]))
    there = lengths >= max(1.0, _SHORT * usual)
    short = int(np.count_nonzero((lengths > 0) & ~there))
    what = f"{structure}: " if structure else ""
    if short:
        notes.append(f"{what}{short:,} left out: fewer than half of the usual {usual:.0f} values.")
    shortest, longest = int(lengths[there].min()), int(lengths[there].max())
    if shortest < longest:
        notes.append(
            f"{what}lengths differ from {shortest} to {longest}: the first {shortest} are compared."
        )
    block = np.full((len(rows), shortest), np.nan)
    for place in np.flatnonzero(there):
        row = rows[place]
        assert row is not None
        block[place] = row[0][:shortest]
    return block, there


def _not_zero(block: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the columns that are not zero modes of everybody."""
    zeros = np.stack([are_zeros(row) for row in block]) if len(block) else np.ones((1, 1), bool)
    return np.flatnonzero(~zeros.all(axis=0))


def in_bands(features: Features, bands: dict[str, tuple[Band, ...]]) -> Features:
    """Return features averaged over bands of each structure.

    Parameters
    ----------
    features : Features
        Eigenvalues.
    bands : dict of str to tuple of Band
        For each structure, with places among its columns.
    """
    values, labels, names = [], [], []
    for structure, own in bands.items():
        columns = features.values[:, features.of(structure)]
        for band in own:
            values.append(columns[:, band.places].mean(axis=1))
            labels.append(band.label)
            names.append(structure)
    return replace(
        features,
        values=np.stack(values, axis=1),
        index=np.full(len(labels), -1, np.int64),
        structure=tuple(names),
        label=tuple(labels),
    )
