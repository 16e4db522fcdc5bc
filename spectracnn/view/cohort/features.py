"""A cohort's features: eigenvalues, bands or asymmetries, one row per participant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.naming import listed, meant
from spectracnn.core.participants import Column
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import ParticipantsTable
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.stats.features import Features, Scale
    from spectracnn.view.cohort.settings import TestSettings


@dataclass(frozen=True, eq=False)
class Study:
    """Features and the columns that go with them.

    Parameters
    ----------
    features : Features
        One row a participant.
    table : ParticipantsTable
        Where the columns come from.
    rows : ndarray, shape (n,), int64
        The table's row of each participant.
    scale : str
        How the eigenvalues were normalised.
    notes : tuple of str
        Of the table and of how it was joined.
    always_named : bool
        Whether the structure is named even if there is one.
    """

    features: Features
    table: ParticipantsTable
    rows: NDArray[np.int64]
    scale: str
    notes: tuple[str, ...] = ()
    always_named: bool = False

    def column(self, name: str) -> Column:
        """Return a column of the table, or else a size that the spectra have (area, volume).

        Raises
        ------
        StudyError
            If there is none.
        """
        word = name.casefold()
        if word in self.features.sizes and word not in map(str.casefold, self.table.names):
            return Column(name, self.features.sizes[word].copy())
        return self.table.column(name).select(self.rows)


def make_study(
    settings: TestSettings,
    spectra: Sequence[Spectrum],
    rows: Sequence[int],
    structures: Sequence[str],
    table: ParticipantsTable,
    id_column: str,
    notes: tuple[str, ...] = (),
) -> Study:
    """Make the features that were asked for.

    Parameters
    ----------
    settings : TestSettings
        What is compared.
    spectra : sequence of Spectrum
        All with a row.
    rows : sequence of int
        The table's row of each.
    structures : sequence of str
        Which structure each is; empty where nobody has two.
    table : ParticipantsTable
        The participants.
    id_column : str
        The column that says who a row is.
    notes : tuple of str
        Of how they were joined.

    Raises
    ------
    StudyError
        If nothing is left.
    """
    scale = _scale(settings, spectra)
    features = _collected(settings, spectra, rows, structures, scale)
    of_unit = np.array([int(unit) for unit in features.units], np.int64)
    # The collector knows participants by their row.
    ids = table.column(id_column).select(of_unit).text
    features = replace(features, units=tuple(map(str, ids)))
    several = len(features.structures()) > 1
    if settings.bands or settings.octaves:
        features = _banded(features, octaves=settings.octaves)
    if settings.asymmetry:
        features = _asymmetric(features)
    return Study(features, table, of_unit, scale, notes, several or settings.asymmetry)


def _scale(settings: TestSettings, spectra: Sequence[Spectrum]) -> Scale:
    from spectracnn.stats.features import usual_scale

    if settings.normalise:
        return settings.normalise
    if not settings.asymmetry:
        return "none"
    scale = usual_scale(spectra[0])
    if scale == "none":
        raise StudyError(
            "Left and right are compared after scaling to unit area or volume, and the spectra "
            "have neither; --normalise none compares them as they are."
        )
    return scale


def _collected(
    settings: TestSettings,
    spectra: Sequence[Spectrum],
    rows: Sequence[int],
    structures: Sequence[str],
    scale: Scale,
) -> Features:
    from spectracnn.stats.features import Collector

    wanted = settings.structures
    known = list(dict.fromkeys(structures))
    for name in wanted:
        if name not in known:
            raise StudyError(f"No structure '{name}', only {listed(known)}.{meant(name, known)}")
    collector = Collector(scale, settings.most)
    for spectrum, row, structure in zip(spectra, rows, structures, strict=True):
        if not wanted or structure in wanted:
            collector.add(str(row), structure, spectrum)
    return collector.features()


def _banded(features: Features, octaves: bool) -> Features:
    from spectracnn.stats import bands
    from spectracnn.stats.features import in_bands

    chosen = {}
    for structure in features.structures():
        columns = features.of(structure)
        if octaves:
            chosen[structure] = bands.octaves(features.values[:, columns].mean(axis=0))
        else:
            chosen[structure] = bands.eigengroups(_numbers(features, columns))
    if not any(chosen.values()):
        raise StudyError("No eigenvalue is left for the bands.")
    return in_bands(features, chosen)


def _numbers(features: Features, columns: np.ndarray) -> np.ndarray:
    """Return the eigenvalues' numbers: 1 for the first that is no zero mode."""
    index = features.index[columns]
    return np.asarray(index - index.min() + 1)


def _asymmetric(features: Features) -> Features:
    """Return the index of left against right in place of both."""
    from spectracnn.stats.asymmetry import asymmetry_index, common_name, pairs

    found = pairs(features.structures())
    if not found:
        raise StudyError(
            f"No pair such as Left-X and Right-X among the structures "
            f"{listed(features.structures()) or 'of the spectra, which have no names'}."
        )
    blocks, places, names, labels = [], [], [], []
    for left, right in found:
        one, two = features.of(left), features.of(right)
        index = asymmetry_index(
            features.values[:, one[: len(two)]], features.values[:, two[: len(one)]]
        )
        whole = np.isfinite(index).all(axis=0)
        blocks.append(index[:, whole])
        kept = one[: len(two)][whole]
        places.append(features.index[kept])
        labels += [features.label[at] for at in kept] if features.label else []
        names += [common_name(left)] * len(kept)
    return replace(
        features,
        values=np.hstack(blocks),
        index=np.concatenate(places),
        structure=tuple(names),
        label=tuple(labels),
    )
