"""``spectracnn spectrum``: meshes to their Laplace-Beltrami spectra."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from spectracnn.cli.inputs import mesh_files
from spectracnn.cli.output import (
    print_json,
    print_table,
    require_folder,
    require_not_input,
    require_writable,
    short,
)
from spectracnn.cli.plot import unique_stem
from spectracnn.cli.reporting import Reporter
from spectracnn.errors import ExportError, SpectraCNNError
from spectracnn.geometry.computing import SolveRequest, compute, solver
from spectracnn.geometry.options import LARGEST_REFINEMENT, Boundary, Components, SolveOptions
from spectracnn.geometry.solve import Solution, as_spectrum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILES = {".h5": "HDF5", ".hdf5": "HDF5", ".csv": "CSV"}
_HEADER = ("file", "count", "kind", "vertices", "area", "volume", "first nonzero", "seconds")


@dataclass(frozen=True, eq=False)
class Solved:
    """A mesh as the person wrote it, and its solution."""

    file: str
    solution: Solution


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
        help="a folder, which gets NAME.ev of each mesh; or one .h5 or .csv file of all",
    )
    parser.add_argument("-k", type=int, default=200, metavar="N", help="how many (default: 200)")
    parser.add_argument("--lump", action="store_true", help="lump the mass matrix")
    parser.add_argument(
        "--boundary",
        choices=get_args(Boundary),
        default="neumann",
        help="what holds at a boundary (default: neumann)",
    )
    parser.add_argument(
        "--components",
        choices=get_args(Components),
        default="largest",
        help="which connected components take part (default: largest)",
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
        "--jobs", type=_jobs, default=0, metavar="N", help="processes (default: one a core)"
    )
    parser.add_argument("--no-cache", action="store_true", help="compute again, and keep nothing")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


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
        require_not_input(out, files)
    elif out.exists() and not out.is_dir():
        raise ExportError(f"{out}: is a file; name a folder, or a file called .h5, .hdf5 or .csv.")
    else:
        require_folder(out, create=True)
    requests = [SolveRequest(Path(file), options, cached=not args.no_cache) for file in files]
    found: dict[int, Solved] = {}
    with reporter.progress("Solving", len(files)) as advance:
        for place, result in _results(requests, args.jobs):
            if isinstance(result, SpectraCNNError):
                reporter.fail(files[place], f"{result} {result.hint}")
            else:
                for remark in (*result.report.repairs, *result.report.warnings):
                    reporter.note(files[place], remark)
                found[place] = Solved(files[place], result)
            advance(1)
    solved = [found[place] for place in sorted(found)]
    if one and solved:
        _write_one(out, solved)
    elif solved:
        _write_folder(out, solved, files)
    if args.json:
        print_json([_record(item) for item in solved])
    elif solved:
        print_table(_HEADER, [_row(item) for item in solved], {1, 3, 4, 5, 6, 7})
    return reporter.exit_code


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


def _results(
    requests: list[SolveRequest], jobs: int
) -> Iterator[tuple[int, Solution | SpectraCNNError]]:
    """Give the solutions, or the errors, as they come."""
    from spectracnn.jobs.pool import Pool, cores

    count = min(jobs or cores(), len(requests))
    if count > 1:
        with Pool(solver, count=count, name="SpectraCNN solver") as pool:
            yield from pool.map(requests)
        return
    for place, request in enumerate(requests):
        try:
            yield place, compute(request)
        except SpectraCNNError as error:
            yield place, error


def _write_one(out: Path, solved: list[Solved]) -> None:
    from spectracnn.io.write import write_csv, write_hdf5

    spectra = [as_spectrum(item.solution) for item in solved]
    if out.suffix.lower() == ".csv":
        write_csv(spectra, out)
        return
    write_hdf5(spectra, out)
    if solved[0].solution.eigenfunctions is not None:
        _add_eigenfunctions(out, solved)


def _add_eigenfunctions(out: Path, solved: list[Solved]) -> None:
    import h5py

    try:
        with h5py.File(out, "a") as file:
            for place, item in enumerate(solved):
                group = file.create_group(f"shapes/{place}")
                group["vertices"] = item.solution.mesh.vertices
                group["cells"] = item.solution.mesh.cells
                group["eigenfunctions"] = item.solution.eigenfunctions
    except (OSError, RuntimeError) as error:
        out.unlink(missing_ok=True)
        raise ExportError(f"{out}: cannot be written ({error}).") from error


def _write_folder(out: Path, solved: list[Solved], files: Sequence[str]) -> None:
    from spectracnn.io.write import write_ev

    taken: set[str] = set()
    for item in solved:
        path = out / f"{unique_stem(item.solution.mesh.name, taken)}.ev"
        require_not_input(path, files)
        write_ev(as_spectrum(item.solution), path, item.solution.eigenfunctions)


def _record(item: Solved) -> dict[str, Any]:
    solution, report = item.solution, item.solution.report
    return {
        "file": item.file,
        "n": len(solution.eigenvalues),
        "area": report.area,
        "volume": report.volume,
        "kind": solution.mesh.kind.value,
        "n_vertices": report.n_vertices,
        "repairs": list(report.repairs),
        "warnings": list(report.warnings),
        "seconds": solution.seconds,
    }


def _row(item: Solved) -> list[str]:
    solution, report = item.solution, item.solution.report
    place = as_spectrum(solution).flags.n_zeros
    values = solution.eigenvalues
    return [
        item.file,
        str(len(values)),
        solution.mesh.kind.value,
        str(report.n_vertices),
        short(report.area),
        short(report.volume),
        short(float(values[place]) if place < len(values) else None),
        f"{solution.seconds:.2f}",
    ]
