"""A cohort's features: eigenvalues, bands or asymmetries, one row a participant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from spectracnn.cli.cohort import Cohort, named, read_cohort
from spectracnn.core.naming import listed, meant
from spectracnn.core.participants import Column
from spectracnn.errors import SpectraCNNError, StudyError
from spectracnn.io.asymmetry import is_asymmetry, read_asymmetry
from spectracnn.io.participants import join, read_table

if TYPE_CHECKING:
    import argparse

    from spectracnn.cli.reporting import Reporter
    from spectracnn.io.participants import Joined
    from spectracnn.stats.features import Features, Scale


@dataclass(frozen=True, eq=False)
class Study:
    """Features and the columns that go with them.

    Parameters
    ----------
    features : Features
        One row a participant.
    joined : Joined
        Where the columns come from.
    rows : ndarray, shape (n,), int64
        The table's row of each participant.
    scale : str
        How the eigenvalues were normalised.
    always_named : bool
        Whether the structure is named even if there is one.
    """

    features: Features
    joined: Joined
    rows: np.ndarray
    scale: str
    always_named: bool = False

    def column(self, name: str) -> Column:
        """Return a column of the table, or else a size that the spectra have (area, volume).

        Raises
        ------
        StudyError
            If there is none.
        """
        word = name.casefold()
        if word in self.features.sizes and word not in map(str.casefold, self.joined.table.names):
            return Column(name, self.features.sizes[word].copy())
        return self.joined.table.column(name).taken(self.rows)


def read_study(args: argparse.Namespace, reporter: Reporter, files: list[str]) -> Study:
    """Read the spectra and the table, and make the features that were asked for.

    Raises
    ------
    FileFormatError, StudyError
        If nothing is left.
    """
    distances = [file for file in files if is_asymmetry(file)] if args.asymmetry else []
    spectra = [file for file in files if file not in set(distances)]
    if distances and not spectra:
        return _of_distances(args, reporter, distances)
    if distances:
        reporter.note(
            "data",
            f"{len(distances)} asymmetry tables left out: the spectra of both sides are there.",
        )
    cohort = read_cohort(args, reporter, spectra)
    scale = _scale(args, cohort)
    features = _collected(args, cohort, scale)
    rows = np.array([int(unit) for unit in features.units], np.int64)
    features = _with_names(features, cohort, rows)
    several = len(features.structures()) > 1
    if args.bands or args.octaves:
        features = _banded(features, octaves=args.octaves)
    if args.asymmetry:
        features = _asymmetric(features)
    return Study(features, cohort.joined, rows, scale, several or args.asymmetry)


def _scale(args: argparse.Namespace, cohort: Cohort) -> Scale:
    from spectracnn.stats.features import usual_scale

    if args.normalise:
        return cast("Scale", args.normalise)
    if not args.asymmetry:
        return "none"
    scale = usual_scale(cohort.items[0].spectrum)
    if scale == "none":
        raise StudyError(
            "Left and right are compared after scaling to unit area or volume, and the spectra "
            "have neither; --normalise none compares them as they are."
        )
    return scale


def _collected(args: argparse.Namespace, cohort: Cohort, scale: Scale) -> Features:
    from spectracnn.stats.features import Collector

    wanted = named(args.structure)
    known = list(dict.fromkeys(cohort.structures))
    for name in wanted:
        if name not in known:
            raise StudyError(f"No structure '{name}', only {listed(known)}.{meant(name, known)}")
    collector = Collector(scale, args.most)
    for item, row, structure in zip(cohort.items, cohort.rows, cohort.structures, strict=True):
        if not wanted or structure in wanted:
            collector.add(str(row), structure, item.spectrum)
    return collector.features()


def _with_names(features: Features, cohort: Cohort, rows: np.ndarray) -> Features:
    """Call the participants as the table does; the collector knows them by row."""
    from dataclasses import replace

    ids = cohort.joined.table.column(cohort.joined.id_column).text
    return replace(features, units=tuple(str(ids[row]) for row in rows))


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
    from dataclasses import replace

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


def _of_distances(args: argparse.Namespace, reporter: Reporter, files: list[str]) -> Study:
    from spectracnn.stats.features import Features

    table = read_table(args.table)
    read = []
    for file in files:
        try:
            read.append(read_asymmetry(Path(file)))
        except SpectraCNNError as error:
            reporter.fail(file, str(error))
    if not read:
        raise StudyError("No table of asymmetries could be read.")
    joined = join([one.subject for one in read], table, args.id_column)
    for note in (*table.notes, *joined.notes):
        reporter.note(str(args.table), note)
    seen: dict[int, dict[str, float]] = {}
    for one, row in zip(read, joined.rows, strict=True):
        if row >= 0:
            seen.setdefault(int(row), one.distances)
    names = list(dict.fromkeys(name for distances in seen.values() for name in distances))
    values = np.array([[own.get(name, np.nan) for name in names] for own in seen.values()])
    whole = np.isfinite(values).sum(axis=0) > len(values) / 2
    kept = np.isfinite(values[:, whole]).all(axis=1)
    notes = [f"{int((~kept).sum())} left out: not all pairs."] if not kept.all() else []
    if not whole.all():
        lacking = [name for name, there in zip(names, whole, strict=True) if not there]
        notes.append(f"{listed(lacking)} left out: most participants lack it.")
    rows = np.array(list(seen), np.int64)[kept]
    ids = table.column(joined.id_column).text
    features = Features(
        tuple(str(ids[row]) for row in rows),
        values[kept][:, whole],
        np.flatnonzero(whole),
        tuple(name for name, there in zip(names, whole, strict=True) if there),
        {},
        tuple(notes),
    )
    return Study(features, joined, rows, "as BrainPrint did", always_named=True)
