"""``spectracnn spectrum``: meshes to their Laplace-Beltrami spectra."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from spectracnn.cli.batch.command import add_batch, note_table, run_batch
from spectracnn.cli.cohort import add_table
from spectracnn.cli.inputs import mesh_files
from spectracnn.cli.output import require_folder, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.solved import takes_an_input
from spectracnn.cli.spectrum_work import SpectrumWork
from spectracnn.errors import ExportError
from spectracnn.geometry.formats import mesh_stem
from spectracnn.geometry.options import LARGEST_REFINEMENT, Boundary, Components, SolveOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILES = (".h5", ".hdf5", ".csv", ".parquet")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "spectrum",
        help="compute the Laplace-Beltrami spectra of meshes",
        description="Computes the smallest eigenvalues of meshes: OFF, OBJ, PLY, STL, VTK, VTU, "
        "VTP, GIFTI, FreeSurfer and Gmsh, surfaces and tetrahedra. Repairs are reported.",
    )
    parser.add_argument("files", nargs="+", metavar="MESHES", help="meshes; folders are searched")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="OUT",
        help="a folder for NAME.ev of each mesh; or one .h5, .csv or .parquet file of all",
    )
    parser.add_argument(
        "-k", type=int, default=200, metavar="N", help="number of eigenvalues (default: 200)"
    )
    parser.add_argument("--lump", action="store_true", help="lump the mass matrix")
    parser.add_argument(
        "--boundary",
        choices=get_args(Boundary),
        default="neumann",
        help="boundary condition (default: neumann)",
    )
    parser.add_argument(
        "--components",
        choices=get_args(Components),
        default="largest",
        help="which connected components are used (default: largest)",
    )
    parser.add_argument(
        "--refine",
        type=int,
        default=0,
        metavar="N",
        help=f"how often each triangle is split into four, 0 to {LARGEST_REFINEMENT} (default: 0)",
    )
    parser.add_argument(
        "--robust",
        action="store_true",
        help="use the intrinsic Delaunay Laplacian, for surfaces with bad triangles",
    )
    parser.add_argument("--eigenfunctions", action="store_true", help="write these as well")
    parser.add_argument(
        "--jobs", type=_jobs, default=0, metavar="N", help="processes (default: one per core)"
    )
    parser.add_argument("--no-cache", action="store_true", help="neither use nor write the cache")
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    add_table(parser)
    add_batch(parser)


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on; found {text}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    out: Path = args.out
    options = SolveOptions(
        args.k, args.lump, args.boundary, args.components, args.refine, args.robust,
        args.eigenfunctions,
    )  # fmt: skip
    files = _expand(args.files, reporter)
    one = out.suffix.lower() in _FILES and not out.is_dir()
    if one:
        require_writable(out)
        if options.eigenfunctions and out.suffix.lower() == ".parquet":
            raise ExportError(f"{out}: eigenfunctions are written to .h5 files and folders only.")
    elif out.exists() and not out.is_dir():
        known = f"{', '.join(list(_FILES)[:-1])} or {list(_FILES)[-1]}"
        raise ExportError(f"{out}: is a file; name a folder, or a file called {known}.")
    else:
        require_folder(out, create=True)
        replaced = takes_an_input(out, files, [mesh_stem(Path(file)) for file in files])
        if replaced:
            raise ExportError(f"{replaced}: is one of the inputs; name another folder.")
    note_table(args, reporter)
    work = SpectrumWork(
        options,
        folder=not one,
        cached=not args.no_cache,
        table=args.table,
        id_column=args.id_column,
        jobs=1 if args.scheduler else args.jobs,  # a cluster has its own processes
        as_json=args.json,
    )
    return run_batch(work, args, files, reporter, "Solving")


def _expand(arguments: Sequence[str], reporter: Reporter) -> list[str]:
    files: list[str] = []
    for argument in arguments:
        if not Path(argument).is_dir():
            files.append(argument)
            continue
        found = mesh_files(argument)
        if not found:
            reporter.fail(argument, "the folder holds no mesh.")
        files += found
    return files
