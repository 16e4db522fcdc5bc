"""A cohort's features from the files and the table that a command names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.cli.cohort import read_cohort
from spectracnn.core.naming import listed
from spectracnn.errors import SpectraCNNError, StudyError
from spectracnn.io.asymmetry import is_asymmetry, read_asymmetry
from spectracnn.io.participants import join, read_table
from spectracnn.view.cohort.features import Study, make_study

if TYPE_CHECKING:
    import argparse

    from spectracnn.cli.reporting import Reporter
    from spectracnn.view.cohort.settings import TestSettings


def read_study(
    args: argparse.Namespace, settings: TestSettings, reporter: Reporter, files: list[str]
) -> Study:
    """Read the spectra and the table, and make the features that were asked for.

    Raises
    ------
    FileFormatError, StudyError
        If nothing is left.
    """
    distances = [file for file in files if is_asymmetry(file)] if settings.asymmetry else []
    spectra = [file for file in files if file not in set(distances)]
    if distances and not spectra:
        return _of_distances(args, reporter, distances)
    if distances:
        reporter.note(
            "data",
            f"{len(distances)} asymmetry tables left out: the spectra of both sides are there.",
        )
    cohort = read_cohort(args, reporter, spectra)
    return make_study(
        settings,
        [item.spectrum for item in cohort.items],
        cohort.rows,
        cohort.structures,
        cohort.joined.table,
        cohort.joined.id_column,
        cohort.joined.notes,
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
    return Study(features, table, rows, "as BrainPrint did", joined.notes, always_named=True)
