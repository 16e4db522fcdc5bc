"""``explain --surface``: the maps of where on a mesh a class comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import read_all
from spectracnn.engine.samples import bundled_samples
from spectracnn.errors import AttributionError, SpectraCNNError
from spectracnn.geometry.formats import is_mesh
from spectracnn.geometry.solve import as_spectrum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.cli.explain_work import ExplainChoice
    from spectracnn.cli.reporting import Reporter
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.geometry.solve import Solution
    from spectracnn.nn.loaded_model import LoadedModel


def require_mesh_first(files: Sequence[str]) -> None:
    """Refuse anything but a mesh as the first file.

    Raises
    ------
    AttributionError
        If there is no file, or the first is no mesh.
    """
    if not files:
        raise AttributionError("--surface takes one mesh; found no files.")
    if not is_mesh(files[0]):
        raise AttributionError(
            f"{files[0]}: --surface takes a mesh, because a list of eigenvalues has no surface."
        )


def write_surface(
    network: LoadedModel,
    files: Sequence[str],
    wanted: ExplainChoice,
    out: Path,
    reporter: Reporter,
) -> None:
    """Compute a mesh's spectrum and eigenfunctions, explain, and write the maps.

    Parameters
    ----------
    network : LoadedModel
        The model.
    files : sequence of str
        The mesh; for a network of several structures followed by spectra or meshes of the others.
    wanted : ExplainChoice
        What is explained.
    out : Path
        ``.vtk``, ``.vtu``, ``.ply`` or ``.gii``.
    reporter : Reporter
        Receives what cannot be done.

    Raises
    ------
    AttributionError
        If there are more files than the network reads together.
    """
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.write_maps import write_maps
    from spectracnn.nn.attribution.on_shape import maps_of

    file, others = files[0], files[1:]
    if others and not network.description.structures:
        raise AttributionError(f"--surface takes one mesh; found {len(files)} files.")
    request = SolveRequest(Path(file), SolveOptions(eigenfunctions=True), fit=True)
    try:
        found = compute(request)
        known, members = _members(network, found, others, reporter)
        maps, target = maps_of(
            network,
            found,
            wanted.method,
            wanted.options,
            wanted.target,
            bundled_samples,
            known,
            members,
        )
    except SpectraCNNError as error:
        reporter.fail(file, f"{error} {error.hint}")
        return
    write_maps(found.mesh, maps.to_dict(), out)
    reporter.note(file, f"maps of {network.description.classes[target]} written to {out}.")


def _members(
    network: LoadedModel, solution: Solution, others: Sequence[str], reporter: Reporter
) -> tuple[Spectrum | None, tuple[Spectrum, ...]]:
    """Return the mesh's spectrum as the structure that it is, and all that go in with it.

    A spectrum whose name is one of the network's structures is that structure; else the order of
    the files counts.
    """
    structures = network.description.structures
    if not structures:
        return None, ()
    mine = as_spectrum(solution)
    read = [mine, *(item.spectrum for item in read_all(others, None, reporter))]
    members = tuple(
        replace(one, structure=one.name) if not one.structure and one.name in structures else one
        for one in read
    )
    return members[0], members
