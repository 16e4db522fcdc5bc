"""Meshes that were opened and have no spectrum yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.geometry.report import MeshReport


@dataclass(frozen=True, eq=False)
class MeshRow:
    """A mesh on its way to its spectrum.

    Parameters
    ----------
    number : int
        Unique for as long as the program runs.
    path : Path
        The file.
    running : bool
        Whether it is computed now; else it waits, or has failed.
    share : float
        How much is done, 0 to 1.
    report : MeshReport or None
        The doctor's, once there.
    failure : str
        Why there is no spectrum; empty while there may be one.
    """

    number: int
    path: Path
    running: bool = False
    share: float = 0.0
    report: MeshReport | None = None
    failure: str = ""
