"""Spectra with their rows of a table: what the commands about cohorts share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import expand, read_all
from spectracnn.errors import StudyError
from spectracnn.io.participants import join, read_table

if TYPE_CHECKING:
    import argparse

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.reporting import Reporter
    from spectracnn.io.participants import Joined


@dataclass(frozen=True, eq=False)
class Cohort:
    """Spectra and the row of each.

    Parameters
    ----------
    items : list of InputSpectrum
        n of them, all with a row.
    joined : Joined
        For all spectra that were read.
    rows : list of int
        The row of each item.
    structures : list of str
        Which structure each is; empty where nobody has two.
    """

    items: list[InputSpectrum]
    joined: Joined
    rows: list[int]
    structures: list[str]


def add_table(parser: argparse.ArgumentParser, required: bool = False) -> None:
    """Add the arguments that name a table of participants."""
    parser.add_argument(
        "--table",
        type=Path,
        metavar="T",
        required=required,
        help="CSV, TSV, Parquet or Excel with one row per participant",
    )
    parser.add_argument(
        "--id",
        dest="id_column",
        metavar="COLUMN",
        help="the table's column with the participant's id (default: detected)",
    )


def read_cohort(args: argparse.Namespace, reporter: Reporter, files: list[str]) -> Cohort:
    """Read the spectra and join them with the table.

    Raises
    ------
    FileFormatError, StudyError
        If the table cannot be used, or no spectrum is left.
    """
    table = read_table(args.table)
    for note in table.notes:
        reporter.note(str(args.table), note)
    with reporter.progress("Reading", len(files)) as advance:
        items = list(read_all(files, args.orientation, reporter, advance))
    if not items:
        raise StudyError("No spectrum could be read.")
    joined = join([item.spectrum for item in items], table, args.id_column)
    for note in joined.notes:
        reporter.note(str(args.table), note)
    with_row = [place for place, row in enumerate(joined.rows) if row >= 0]
    if not with_row:
        raise StudyError(f"{args.table}: no spectrum is left that has one row.")
    rows = [int(joined.rows[place]) for place in with_row]
    kept = [items[place] for place in with_row]
    names = [item.spectrum.structure or item.spectrum.name for item in kept]
    several = len(set(rows)) < len(rows)
    return Cohort(kept, joined, rows, names if several else [""] * len(kept))


def data_files(args: argparse.Namespace, reporter: Reporter) -> list[str]:
    """Return the files of spectra that the arguments name, without the table."""
    table = os.path.realpath(args.table) if args.table else ""
    return [file for file in expand(args.files, reporter) if os.path.realpath(file) != table]


def named(text: str | None) -> tuple[str, ...]:
    """Return the names in ``A,B``."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def as_count(text: str) -> int:
    """Return a whole number of at least 1, for an argument.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none.
    """
    import argparse

    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number >= 1")
    return number
