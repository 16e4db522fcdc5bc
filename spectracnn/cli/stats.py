"""``spectracnn stats``: which eigenvalues differ between groups, or go with a variable."""

from __future__ import annotations

import csv
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn import __version__
from spectracnn.cli.cohort import add_table, as_count, data_files, named
from spectracnn.cli.cohort_features import Study, read_study
from spectracnn.cli.inputs import add_inputs
from spectracnn.cli.output import print_json, print_table, require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.core.atomic import atomic_path
from spectracnn.core.progress import Progress
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    import argparse

    from spectracnn.stats.compare import Comparison
    from spectracnn.stats.design import Design

_NUMBERS = ("effect", "ci_low", "ci_high", "p", "p_fwe", "p_fdr")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "stats",
        help="compare groups, or find what goes with a variable",
        description="For each eigenvalue or band: effect size with its 95 % interval, p by "
        "permutation, family-wise and false-discovery-rate corrected. See docs/statistics.md.",
    )
    add_inputs(parser)
    add_table(parser, required=True)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--group", metavar="COLUMN", help="compare the groups of this column")
    asked.add_argument("--on", metavar="COLUMN", help="associate with the numbers of this column")
    parser.add_argument("--groups", metavar="A,B", help="which groups (default: all)")
    parser.add_argument("--reference", metavar="A", help="the group others are compared with")
    parser.add_argument("--covariates", metavar="A,B", help="columns that are regressed out")
    parser.add_argument("--site", metavar="COLUMN", help="sites: regressed out, permuted within")
    parser.add_argument("--combat", action="store_true", help="harmonise the sites by ComBat")
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
        "--centiles", type=Path, metavar="OUT.csv", help="write where each stands in the reference"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    if args.combat and not args.site:
        raise StudyError("--combat needs --site COLUMN, which says what is harmonised.")
    if args.seed < 0:
        raise StudyError(f"--seed: found {args.seed}, expected a whole number >= 0.")
    files = data_files(args, reporter)
    if args.centiles:
        require_writable(args.centiles)
        require_not_input(args.centiles, [*files, str(args.table)])
    study = read_study(args, reporter, files)
    for note in study.features.notes:
        reporter.note("data", note)
    design, found, study = _test(args, reporter, study)
    if args.centiles:
        _write_centiles(args.centiles, study, design)
    record = _record(args, study, design, found)
    if args.json:
        print_json(record)
    else:
        _print_plain(record)
    return reporter.exit_code


def _test(
    args: argparse.Namespace, reporter: Reporter, study: Study
) -> tuple[Design, Comparison, Study]:
    from spectracnn.stats import combat
    from spectracnn.stats.compare import compare
    from spectracnn.stats.design import make_design

    name = args.group or args.on
    site = study.column(args.site) if args.site else None
    design = make_design(
        study.column(name),
        [study.column(other) for other in named(args.covariates)],
        group=bool(args.group),
        site=site,
        levels=named(args.groups),
        reference=args.reference or "",
    )
    for note in design.notes:
        reporter.note(str(args.table), note)
    if args.combat and site is not None:
        values = study.features.values.copy()
        sites = site.text[design.kept]
        values[design.kept] = combat.fit(values[design.kept], sites, design.worth_keeping)[1]
        study = replace(study, features=replace(study.features, values=values))
    with reporter.progress("Permuting", args.permutations) as advance:
        done = [0]

        def show(count: int, total: int, what: str) -> None:
            advance(count - done[0])
            done[0] = count

        values = study.features.values
        found = compare(values, design, args.permutations, args.seed, Progress(show))
    return design, found, study


def _record(
    args: argparse.Namespace, study: Study, design: Design, found: Comparison
) -> dict[str, Any]:
    features = study.features
    several = len(features.structures()) > 1
    rows = []
    for place in range(features.values.shape[1]):
        if not np.isfinite(found.effect[place]):
            continue
        row: dict[str, Any] = {}
        if features.label:
            row["band"] = features.label[place]
        else:
            row["index"] = int(features.index[place])
        if several or study.always_named:
            row["structure"] = features.structure[place]
        rows.append(row | {key: float(getattr(found, key)[place]) for key in _NUMBERS})
    if not rows:
        raise StudyError("No feature varies beside the covariates: there is nothing to test.")
    return {
        "n": len(design.kept),
        "effect": design.effect,
        "groups": dict(zip(design.groups, design.counts, strict=True)),
        "reference": design.groups[0] if design.groups else None,
        "on": args.on,
        "covariates": list(named(args.covariates)),
        "permutations": args.permutations,
        "seed": args.seed,
        "notes": [*study.joined.notes, *features.notes, *design.notes],
        "methods": _methods(args, study, design),
        "rows": rows,
    }


def _methods(args: argparse.Namespace, study: Study, design: Design) -> str:
    from spectracnn.stats.methods import Done, paragraph

    words = ["spectracnn", "stats", *args.files, "--table", str(args.table)]
    words += ["--group", args.group] if args.group else ["--on", args.on]
    for name in ("id_column", "groups", "reference", "covariates", "site", "structure"):
        if getattr(args, name):
            words += [f"--{name.removesuffix('_column')}", getattr(args, name)]
    if args.normalise:
        words += ["--normalise", args.normalise]
    flags = ("combat", "bands", "octaves", "asymmetry")
    words += [f"--{name}" for name in flags if getattr(args, name)]
    words += ["--permutations", str(args.permutations), "--seed", str(args.seed)]
    kind = "eigengroups" if args.bands else "octaves of wavelength" if args.octaves else ""
    return paragraph(
        Done(
            asked=args.group or args.on,
            covariates=named(args.covariates),
            site=args.site or "",
            combat=args.combat,
            asymmetry=args.asymmetry,
            scale=study.scale,
            features=kind or "eigenvalues",
            n_features=study.features.values.shape[1],
            permutations=args.permutations,
            seed=args.seed,
            command=shlex.join(words),
            version=__version__,
        ),
        design,
    )


def _print_plain(record: dict[str, Any]) -> None:
    first = [key for key in ("structure", "index", "band") if key in record["rows"][0]]
    header = [*first, {"g": "Hedges' g", "r": "partial r", "eta2": "eta squared"}[record["effect"]]]
    header += ["95 % from", "to", "p", "p FWE", "p FDR"]
    rows = [
        [*(str(row[key]) for key in first), *(f"{row[key]:.4g}" for key in _NUMBERS)]
        for row in record["rows"]
    ]
    print_table(header, rows, set(range(len(first), len(header))))
    print()
    print(record["methods"])


def _write_centiles(path: Path, study: Study, design: Design) -> None:
    """Write the centile of everybody in the reference group, or among all."""
    from spectracnn.stats.centiles import standing

    reference = np.ones(len(design.kept), bool)
    if design.groups:
        reference = np.asarray(~design.tested.any(axis=1), bool)
    others = design.nuisance[:, 1:] if design.nuisance.shape[1] > 1 else None
    found = standing(study.features.values[design.kept], reference, others)
    features = study.features
    labels = features.label or tuple(str(index) for index in features.index)
    header = [
        f"{structure} {label}".strip()
        for structure, label in zip(features.structure, labels, strict=True)
    ]
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["id", *header])
        for place, row in zip(design.kept, found.centile, strict=True):
            cells = ["" if np.isnan(value) else f"{value:.2f}" for value in row]
            writer.writerow([features.units[place], *cells])
