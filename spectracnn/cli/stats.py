"""``spectracnn stats``: which eigenvalues differ between groups, or go with a variable."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.cli.cohort import add_table, as_count, data_files, named
from spectracnn.cli.cohort_features import read_study
from spectracnn.cli.inputs import add_inputs
from spectracnn.cli.output import print_json, print_table, require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.core.atomic import atomic_path
from spectracnn.core.progress import Progress
from spectracnn.errors import StudyError
from spectracnn.view.cohort.settings import TestSettings
from spectracnn.view.cohort.testing import EFFECT_NAMES, NUMBERS, centile_rows, record, run_test

if TYPE_CHECKING:
    import argparse

    from spectracnn.view.cohort.features import Study
    from spectracnn.view.cohort.testing import Tested


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "stats",
        help="compare groups, or find what is associated with a variable",
        description="For each eigenvalue or band: effect size with its 95 % interval, p by "
        "permutation, family-wise and false-discovery-rate corrected. See docs/statistics.md.",
    )
    add_inputs(parser)
    add_table(parser, required=True)
    contrast = parser.add_mutually_exclusive_group(required=True)
    contrast.add_argument("--group", metavar="COLUMN", help="compare the groups of this column")
    contrast.add_argument(
        "--on", metavar="COLUMN", help="associate with the numbers of this column"
    )
    parser.add_argument("--groups", metavar="A,B", help="which groups (default: all)")
    parser.add_argument("--reference", metavar="A", help="the group others are compared with")
    parser.add_argument("--covariates", metavar="A,B", help="columns that are regressed out")
    parser.add_argument("--site", metavar="COLUMN", help="sites: regressed out, permuted within")
    parser.add_argument("--combat", action="store_true", help="harmonise the sites with ComBat")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--bands", action="store_true", help="means of 1-3, 4-8, 9-15, ...")
    form.add_argument("--octaves", action="store_true", help="means of octaves of wavelength")
    parser.add_argument("--structure", metavar="A,B", help="which structures (default: all)")
    parser.add_argument(
        "--normalise",
        choices=("none", "area", "volume"),
        help="scale each shape to unit area or volume first (default: none; with --asymmetry: "
        "whichever size the spectra have)",
    )
    parser.add_argument("--most", type=as_count, default=200, metavar="N", help="default: 200")
    parser.add_argument("--permutations", type=as_count, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    parser.add_argument("--asymmetry", action="store_true", help="compare left minus right")
    parser.add_argument(
        "--centiles", type=Path, metavar="OUT.csv", help="write centiles within the reference group"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    if args.combat and not args.site:
        raise StudyError("--combat needs --site COLUMN, the sites to harmonise.")
    if args.seed < 0:
        raise StudyError(f"--seed: found {args.seed}, expected a whole number >= 0.")
    files = data_files(args, reporter)
    if args.centiles:
        require_writable(args.centiles)
        require_not_input(args.centiles, [*files, str(args.table)])
    settings = _settings(args)
    study = read_study(args, settings, reporter, files)
    for note in study.features.notes:
        reporter.note("data", note)
    tested = _test(reporter, study, settings)
    for note in tested.design.notes:
        reporter.note(str(args.table), note)
    if args.centiles:
        _write_centiles(args.centiles, tested)
    found = record(tested, _source(args))
    if args.json:
        print_json(found)
    else:
        _print_plain(found)
    return reporter.exit_code


def _settings(args: argparse.Namespace) -> TestSettings:
    return TestSettings(
        args.group or args.on,
        group=bool(args.group),
        groups=named(args.groups),
        reference=args.reference or "",
        covariates=named(args.covariates),
        site=args.site or "",
        combat=args.combat,
        bands=args.bands,
        octaves=args.octaves,
        structures=named(args.structure),
        normalise=args.normalise,
        most=args.most,
        permutations=args.permutations,
        seed=args.seed,
        asymmetry=args.asymmetry,
        centiles=args.centiles is not None,
    )


def _test(reporter: Reporter, study: Study, settings: TestSettings) -> Tested:
    with reporter.progress("Permuting", settings.permutations) as advance:
        done = [0]

        def show(count: int, total: int, what: str) -> None:
            advance(count - done[0])
            done[0] = count

        return run_test(study, settings, Progress(show))


def _source(args: argparse.Namespace) -> list[str]:
    """Return the words of the command that name data and table."""
    words = [*args.files, "--table", str(args.table)]
    if args.id_column:
        words += ["--id", args.id_column]
    return [*words, "--orientation", args.orientation] if args.orientation else words


def _print_plain(found: dict[str, Any]) -> None:
    first = [key for key in ("structure", "index", "band") if key in found["rows"][0]]
    header = [*first, EFFECT_NAMES[found["effect"]]]
    header += ["95 % from", "to", "p", "p FWE", "p FDR"]
    rows = [
        [*(str(row[key]) for key in first), *(f"{row[key]:.4g}" for key in NUMBERS)]
        for row in found["rows"]
    ]
    print_table(header, rows, set(range(len(first), len(header))))
    print()
    print(found["methods"])


def _write_centiles(path: Path, tested: Tested) -> None:
    """Write the centile of everybody in the reference group, or among all."""
    assert tested.standing is not None
    header, rows = centile_rows(tested, tested.standing)
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
