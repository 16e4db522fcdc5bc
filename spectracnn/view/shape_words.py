"""What is said of a mode and of a map on a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind
from spectracnn.view.wavelengths import length_unit, wavelength

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.geometry.morph import MorphRequest
    from spectracnn.geometry.report import MeshReport
    from spectracnn.geometry.solve import Solution
    from spectracnn.state.mesh_rows import MeshRow

NEAR = 2e-3
"""Eigenvalues this close, relatively, are shown as one multiplet: meshes split exact ones."""

_TELLING = 30
"""How many of the lowest eigenvalues say whether two shapes are one."""

_MOST_APART = 3.0
"""Per cent, in the median of these: meshes of one shape differ by less."""

HELP = {
    "mode": "An eigenfunction: the shape's own vibration. Lines: where it is zero. Its sign is "
    "arbitrary.",
    "mode_energy": "Mode energy, \u03a3 |a_k| \u03c6_k(x)\u00b2: where the modes live that the "
    "class is judged by. It says where they are large, not what a change there would do.",
    "sensitivity": "Shape sensitivity, \u2212\u03a3 \u2202f/\u2202\u03bb_k \u03bb_k "
    "\u03c6_k(x)\u00b2: red where growing the surface raises the class, blue where it lowers it. "
    "Exact to first order only.",
    "morph": "An exploration, not a finding. The area density becomes e^(t\u00b7s/max|s|) along "
    "the sensitivity s: red has grown, blue has shrunk. The vertices are drawn where they were.",
}

LEGENDS = {
    "mode": ("\u2212", "+"),
    "mode_energy": ("0", "most"),
    "sensitivity": ("lowers", "raises the class"),
    "morph": ("shrunk", "grown"),
}
"""What the ends of the colours mean; a low end of 0 has no colours for negative values."""

MORPH_AT_ZERO = "Move the slider to change the shape; nothing in the table or in a file changes."


_LOWERED = str.maketrans(
    "0123456789", "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089"
)


def multiplet(eigenvalues: NDArray[np.float64], place: int) -> tuple[int, int]:
    """Return the first and the last of the eigenvalues that are nearly equal to one.

    Examples
    --------
    >>> multiplet(np.array([0.0, 2.0, 2.0001, 6.0]), 2)
    (1, 2)
    """
    close = NEAR * abs(float(eigenvalues[place]))
    first = last = place
    while first > 0 and eigenvalues[first] - eigenvalues[first - 1] <= close:
        first -= 1
    while last + 1 < len(eigenvalues) and eigenvalues[last + 1] - eigenvalues[last] <= close:
        last += 1
    return first, last


def mode_words(solution: Solution, place: int) -> str:
    """Return a line on one mode."""
    value = float(solution.eigenvalues[place])
    first, last = multiplet(solution.eigenvalues, place)
    words = f"\u03bb{str(place).translate(_LOWERED)} = {value:.6g}"
    if place and value > 0:
        unit = length_unit(solution.mesh.source)
        words += f", wavelength {wavelength(value):.4g} {unit}".rstrip()
    if last > first:
        words += f"; one of {last - first + 1} nearly equal ones ({first} to {last}): their mix is "
        words += "arbitrary"
    return words


def morph_words(
    reading: Reading,
    outputs: NDArray[np.float32],
    probabilities: NDArray[np.float32],
    target: int,
    request: MorphRequest,
    spectrum: Spectrum,
) -> str:
    """Return what the network says of a shape and of the same shape moved, in two lines.

    Parameters
    ----------
    reading : Reading
        How the outputs are read.
    outputs, probabilities : ndarray, shape (2, ...)
        For the shape and for the moved one, in this order.
    target : int
        Along whose sensitivity it was moved.
    request : MorphRequest
        How far.
    spectrum : Spectrum
        Of the moved shape.
    """
    texts = [_outcome_text(reading, outputs[at], probabilities[at], target) for at in (0, 1)]
    size, before = spectrum.area, request.solution.report.area
    if spectrum.kind is Kind.SOLID:
        size, before = spectrum.volume, request.solution.report.volume or 0.0
    word = "volume" if spectrum.kind is Kind.SOLID else "area"
    whole = f", as a whole {100 * (size / before - 1):+.1f} %" if size and before else ""
    most = f"{word} of a piece up to \u00d7{np.exp(abs(request.amount)):.2f}"
    return f"Original: {texts[0]}.\nMorphed: {texts[1]} ({most}{whole})."


def _outcome_text(
    reading: Reading, output: NDArray[np.float32], chances: NDArray[np.float32], target: int
) -> str:
    if reading.is_values or not chances.size:
        return ", ".join(reading.with_unit(float(v)) for v in reading.values(output))
    named = reading.describe(chances)
    best = reading.best(chances)
    words = f"{named}, {100 * float(chances[best]):.1f} %"
    at = min(target, chances.size - 1) if not reading.single else 1
    if at != best:
        words += f"; {reading.classes[at]} {100 * float(chances[at]):.1f} %"
    return words


def report_words(solution: Solution) -> str:
    """Return the doctor's report and how far the count is confirmed, in a few lines."""
    confirmed = (
        f"{solution.confirmed} of {len(solution.eigenvalues)} eigenvalues confirmed "
        f"({solution.method})."
    )
    return doctor_words(solution.report, f"; {confirmed}")


def doctor_words(report: MeshReport, end: str = ".") -> str:
    """Return the doctor's report in a few lines, the first of which ends so."""
    lines = [
        f"{report.n_vertices:,} vertices, {report.n_cells:,} cells, area {report.area:.6g}"
        + (f", volume {report.volume:.6g}" if report.volume is not None else "")
        + end,
        *(f"Repaired: {text}" for text in report.repairs),
        *report.warnings,
    ]
    return "\n".join(lines)


def mesh_row_words(row: MeshRow) -> str:
    """Return the state of a mesh that has no spectrum yet, in a line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from spectracnn.state.mesh_rows import MeshRow
    >>> mesh_row_words(MeshRow(1, Path("a.off"), running=True, share=0.456))
    'computing, 46 %'
    """
    if row.failure:
        return row.failure
    return f"computing, {100 * row.share:.0f} %" if row.running else "waiting to be computed"


def mesh_row_tip(row: MeshRow) -> str:
    """Return all that is known of such a mesh, and what can be done, in some lines."""
    able = "Esc removes this row." if row.failure else "Esc stops it."
    report = "" if row.report is None else doctor_words(row.report)
    return "\n".join(filter(None, (str(row.path), mesh_row_words(row), report, able)))


@dataclass(frozen=True)
class Agreement:
    """How far a file's eigenvalues are those of a mesh.

    Parameters
    ----------
    words : str
        One sentence or two.
    doubtful : bool
        Whether it may be another shape.
    """

    words: str
    doubtful: bool = False


def agreement(spectrum: Spectrum, solution: Solution, mesh: str) -> Agreement:
    """Compare a file's eigenvalues, and the number of vertices that it names, with a mesh's.

    Values of a file that are all the same multiple of the mesh's are normalised, or in another
    unit: that is said as well.
    """
    size = _size_words(spectrum, solution)
    count = min(len(spectrum), len(solution.eigenvalues))
    ours, theirs = solution.eigenvalues[:count], spectrum.eigenvalues[:count]
    used = np.isfinite(theirs) & (ours > 1e-6 * max(float(ours[-1]), 1e-300))
    if used.sum() < 3:
        return Agreement(f"Shape: {mesh}.{size}", doubtful=bool(size))
    # All shapes are alike in their upper eigenvalues, by Weyl's law: the lowest tell them apart.
    low = np.flatnonzero(used)[:_TELLING]
    ratios = theirs[used] / ours[used]
    # A file that is off by little is not said to be in another unit.
    alike = float(np.abs(ratios - 1).max()) < 0.05
    factor = 1.0 if alike else float(np.median(theirs[low] / ours[low]))
    apart = np.abs(ratios / factor - 1) if factor else np.abs(ratios)
    share, worst = 100 * float(np.median(apart[: len(low)])), 100 * float(apart.max())
    if share > _MOST_APART:
        words = (
            f"Shape: {mesh}. Its eigenvalues are not the file's (of the lowest {len(low)}, half "
            f"differ by more than {share:.0f} %): it may be another shape.{size}"
        )
        return Agreement(words, doubtful=True)
    times = "" if alike else f", times {factor:.4g}"
    how = "to rounding" if worst < 1e-4 else f"to {worst:.2g} % at most"
    return Agreement(f"Shape: {mesh}. Its eigenvalues are the file's{times}, {how}.{size}")


def _size_words(spectrum: Spectrum, solution: Solution) -> str:
    """Return a sentence where a file names another number of vertices than the mesh has."""
    named = spectrum.metadata.get("DoF", "").strip()
    vertices = solution.report.n_vertices
    # Elements of a higher degree have more unknowns than vertices.
    if not named.isdecimal() or spectrum.metadata.get("Degree", "1").strip() != "1":
        return ""
    if int(named) == vertices:
        return ""
    return f" The file was computed on {int(named):,} vertices, the mesh has {vertices:,}."


def scaled(values: NDArray[np.float64], *, centred: bool = True) -> NDArray[np.float64]:
    """Return values from -1 to 1; with ``centred`` off, 0 to 1 of what is not negative."""
    top = float(np.abs(values).max()) if values.size else 0.0
    if not top:
        return np.zeros_like(values)
    if centred:
        return values / top
    high = float(np.quantile(values, 0.99)) or top
    return np.clip(values / high, 0, 1)
