"""``explain --surface``: the maps of where on a mesh a class comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.engine.samples import bundled_samples
from spectracnn.errors import AttributionError, SpectraCNNError
from spectracnn.geometry.formats import is_mesh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.cli.explain_work import ExplainChoice
    from spectracnn.cli.reporting import Reporter
    from spectracnn.nn.loaded_model import LoadedModel


def require_one_mesh(files: Sequence[str]) -> None:
    """Refuse anything but one mesh.

    Raises
    ------
    AttributionError
        If there are several files, or the one is no mesh.
    """
    if len(files) != 1:
        raise AttributionError(f"--surface takes one mesh; found {len(files)} files.")
    if not is_mesh(files[0]):
        raise AttributionError(
            f"{files[0]}: --surface takes a mesh, because a list of eigenvalues has no surface."
        )


def write_surface(
    network: LoadedModel, file: str, wanted: ExplainChoice, out: Path, reporter: Reporter
) -> None:
    """Compute a mesh's spectrum and eigenfunctions, explain, and write the maps.

    Parameters
    ----------
    network : LoadedModel
        The model.
    file : str
        The mesh.
    wanted : ExplainChoice
        What is explained.
    out : Path
        ``.vtk`` or ``.gii``.
    reporter : Reporter
        Receives what cannot be done.
    """
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.write_maps import write_maps
    from spectracnn.nn.attribution.on_shape import maps_of

    request = SolveRequest(Path(file), SolveOptions(eigenfunctions=True), fit=True)
    try:
        found = compute(request)
        maps, target = maps_of(
            network, found, wanted.method, wanted.options, wanted.target, bundled_samples
        )
    except SpectraCNNError as error:
        reporter.fail(file, f"{error} {error.hint}")
        return
    write_maps(found.mesh, maps.to_dict(), out)
    reporter.note(file, f"maps of {network.description.classes[target]} written to {out}.")
