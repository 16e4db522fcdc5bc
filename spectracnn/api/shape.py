"""Where on a shape a decision comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.api.result import Result

if TYPE_CHECKING:
    from spectracnn.geometry.surface_maps import SurfaceMaps


@dataclass(frozen=True, eq=False, repr=False)
class ShapeMaps(Result):
    """Values at a mesh's vertices.

    Parameters
    ----------
    path : str
        The mesh.
    target : str
        The class that the maps are about.
    maps : SurfaceMaps
        ``mode_energy``, ``mode_energy_signed``, ``sensitivity`` and ``ambiguity``, a number a
        vertex each.
    """

    _header = ("map", "smallest", "largest")

    path: str
    target: str
    maps: SurfaceMaps

    def _summary(self) -> str:
        count = self.maps.sensitivity.size
        return f"Maps of {self.target} on the {count} vertices of {self.path}"

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (name, f"{values.min():.4g}", f"{values.max():.4g}")
            for name, values in self.maps.to_dict().items()
        ]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a vertex; needs pandas."""
        import pandas as pd

        return pd.DataFrame(self.maps.to_dict())

    def to_xarray(self) -> Any:
        """Return an xarray Dataset over the vertices; needs xarray."""
        import xarray as xr

        return xr.Dataset({name: ("vertex", v) for name, v in self.maps.to_dict().items()})
