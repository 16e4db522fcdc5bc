"""``spectracnn explain``: which eigenvalues drive a class, for each spectrum, into one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from spectracnn.cli.batch.command import add_batch, note_table, open_for, run_batch
from spectracnn.cli.checks import checks_path, print_areas
from spectracnn.cli.choices import find_class, find_layer
from spectracnn.cli.cohort import add_table
from spectracnn.cli.explain_work import WRITERS, ExplainChoice, ExplainWork
from spectracnn.cli.inputs import add_inputs, expand
from spectracnn.cli.network import add_model
from spectracnn.cli.output import require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.surface import require_mesh_first, write_surface
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.errors import AttributionError, ExportError
from spectracnn.geometry.write_maps import check_maps_name

_NUMBERS: dict[str, tuple[type, str]] = {
    "steps": (int, "points on the way from the baseline"),
    "noise": (float, "SmoothGrad's standard deviation, as a share of the input's range"),
    "samples": (int, "SmoothGrad's noisy copies"),
    "window": (int, "occlusion's neighbouring samples"),
    "seed": (int, "of the random numbers"),
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "explain",
        help="compute which eigenvalues drive a class",
        description="One attribution per spectrum: a number for each sample of the model's input, "
        "positive where it speaks for the class. About the logit, before the final softmax.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--class",
        dest="target",
        metavar="C",
        help="name or number of the class (default: the predicted one of each spectrum)",
    )
    parser.add_argument(
        "--method",
        type=_method,
        default=Method.INTEGRATED_GRADIENTS,
        metavar="NAME",
        help=f"{', '.join(Method)} (default: {Method.INTEGRATED_GRADIENTS})",
    )
    parser.add_argument(
        "--layer", metavar="L", help="name or number of Grad-CAM's convolution (default: the last)"
    )
    defaults = AttributionOptions()
    for name, (kind, help_text) in _NUMBERS.items():
        parser.add_argument(
            f"--{name}",
            type=kind,
            metavar="N",
            help=f"{help_text} (default: {getattr(defaults, name)})",
        )
    parser.add_argument("--out", type=Path, metavar="OUT", help="the .h5, .csv or .parquet")
    parser.add_argument(
        "--surface",
        type=Path,
        metavar="OUT",
        help="the .vtk, .vtu, .ply or .gii file for a mesh with maps of where the class comes "
        "from: mode_energy and sensitivity; a network of several structures takes the others' "
        "files too",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="also write OUT's name with .checks.csv: completeness, agreement with other methods, "
        "deletion and insertion against random orders",
    )
    add_table(parser)
    add_batch(parser)


def _method(text: str) -> Method:
    try:
        return Method(text)
    except ValueError:
        help_text = f"methods are {', '.join(Method)}; found {text}"
        raise argparse.ArgumentTypeError(help_text) from None


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    _check_outputs(args)
    given = _options(args)
    files = expand(args.files, reporter)
    for out in filter(None, (args.out, args.surface)):
        require_not_input(out, [*files, *(str(p) for p in (args.model, args.card) if p)])
    note_table(args, reporter)
    if args.surface is not None:
        require_mesh_first(files)
    network = open_for(args, files, reporter)
    description = network.description
    if args.layer is not None:
        given["layer"] = find_layer(description, args.layer)
    target = None if args.target is None else find_class(description, args.target)
    wanted = ExplainChoice(args.method, AttributionOptions(**given), target)
    if args.surface is not None:
        write_surface(network, files, wanted, args.surface, reporter)
    if args.out is None:
        return reporter.exit_code
    suffix = args.out.suffix.lower()
    form = suffix if suffix in (".csv", ".parquet") else ".h5"
    about = (args.model, args.card, args.orientation, args.force, wanted, form, args.check)
    work = ExplainWork(*about, table=args.table, id_column=args.id_column)
    work.adopt(network)
    before = _changed(checks_path(args.out))
    code = run_batch(work, args, files, reporter, "Explaining")
    if args.check and _changed(checks_path(args.out)) != before:
        print_areas(checks_path(args.out))
    return code


def _changed(path: Path) -> int:
    """Return when a file was written last; 0 where there is none."""
    return path.stat().st_mtime_ns if path.is_file() else 0


def _check_outputs(args: argparse.Namespace) -> None:
    """Refuse names that cannot be written before anything is computed.

    Raises
    ------
    ExportError
        If there is none, or one is of another kind.
    """
    if args.out is None and args.surface is None:
        raise ExportError("explain needs a file to write: give --out, --surface, or both.")
    if args.check and args.out is None:
        raise ExportError("--check writes its table beside --out; give --out too.")
    known = (*WRITERS, ".parquet")
    if args.out is not None and args.out.suffix.lower() not in known:
        named = f"{', '.join(known[:-1])} or {known[-1]}"
        raise ExportError(f"{args.out}: attributions are written as {named}.")
    if args.check:
        require_writable(checks_path(args.out))
    if args.surface is not None:
        check_maps_name(args.surface)
    for out in filter(None, (args.out, args.surface)):
        require_writable(out)


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the options that were given.

    Raises
    ------
    AttributionError
        If the method does not read one of them, or its number is out of range.
    """
    read = METHODS[args.method].options
    names = [name for name in (*_NUMBERS, "layer") if getattr(args, name) is not None]
    for name in names:
        if name not in read:
            known = ", ".join(f"--{item}" for item in read) or "none"
            raise AttributionError(
                f"The method {args.method} does not read --{name}; its options are: {known}."
            )
    given = {name: getattr(args, name) for name in names if name != "layer"}
    AttributionOptions(**given)
    return given
