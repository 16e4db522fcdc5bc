"""Arrays of many subjects, one a structure: ``{structure: (subjects, n)}``, or one of three axes.

The tutorial that this program grew from has such files: a dictionary of white-matter tracts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.subjects import numbered_subject
from spectracnn.errors import FileFormatError
from spectracnn.io.fields import IDENTITY, NAME, ShapeFields
from spectracnn.io.named_array import NamedArray
from spectracnn.io.named_arrays import ARRAY_LIMIT, KEYS, claimed, read_entries
from spectracnn.io.orientation import guess_orientation
from spectracnn.io.result import ReadResult
from spectracnn.io.shape_texts import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.result import Orientation
    from spectracnn.io.source import Source

_SUBJECTS = IDENTITY | NAME | {"sid", "sids", "participant", "participants", "participant_id"}
_STRUCTURES = frozenset(
    """structure structures structure_names region regions roi rois tract tracts tract_names
    names""".split()
)
_LEAST_VALUES = 4
_SURELY = 0.98


def read_arrays(
    source: Source,
    entries: list[NamedArray],
    orientation: Orientation | None,
    any_name: bool = False,
) -> ReadResult:
    """Read the spectra among named arrays, also where each array holds a structure of all subjects.

    Parameters
    ----------
    source : Source
        For names and errors.
    entries : list of NamedArray
        All arrays of the container.
    orientation : {'rows', 'columns'} or None
        Of two-dimensional arrays; None to find out.
    any_name : bool
        Whether every array is a spectrum if none has a known name.

    Raises
    ------
    FileFormatError
        If no array holds eigenvalues.
    """
    entries = claimed(source, entries)
    named = any(
        entry.kind == "number" and entry.name in KEYS and 0 < len(entry.squeezed) < 3
        for entry in entries
    )
    chosen = [] if named else matrices(entries)
    if not chosen or not (any_name or _ascends(chosen[0])):
        return read_entries(source, entries, orientation, any_name)
    notes: list[str] = []
    spectra = read_matrices(source, chosen, entries, orientation, notes)
    if not spectra:
        raise FileFormatError(source.label, "no finite number", "at least one finite eigenvalue")
    return ReadResult(tuple(spectra), tuple(notes))


def _ascends(entry: NamedArray) -> bool:
    """Whether an array without a telling name looks like eigenvalues along one of its axes."""
    if entry.nbytes > ARRAY_LIMIT:
        return False
    array = np.asarray(entry.load())
    return max(_rising(array, 0), _rising(array, 1)) > _SURELY


def matrices(entries: Sequence[NamedArray]) -> list[NamedArray]:
    """Return the arrays that hold a row a subject, one array a structure; empty if there are none.

    Parameters
    ----------
    entries : sequence of NamedArray
        All arrays of a file.

    Returns
    -------
    list of Entry
        At least one, all of as many subjects; an array of three axes as one for each structure.
    """
    found = [entry for entry in entries if _is_matrix(entry)]
    cubes = [entry for entry in entries if entry.kind == "number" and len(entry.shape) == 3]
    if not found and len(cubes) == 1 and min(cubes[0].shape) > 1:
        return _parted(cubes[0], entries)
    if len(found) < 2 and not (found and found[0].key and found[0].name not in KEYS):
        return []
    counts = {entry.shape[0] for entry in found}
    others = {entry.shape[1] for entry in found}
    return found if len(counts) == 1 or len(others) == 1 else []


def _is_matrix(entry: NamedArray) -> bool:
    return (
        entry.kind == "number"
        and len(entry.shape) == 2
        and max(entry.shape) >= _LEAST_VALUES
        and 0 not in entry.shape
        and bool(entry.key)
        and entry.name not in KEYS
    )


def _parted(cube: NamedArray, entries: Sequence[NamedArray]) -> list[NamedArray]:
    """Part an array of three axes; the one along which values ascend is that of eigenvalues."""
    if cube.nbytes > ARRAY_LIMIT:
        return []
    array = np.asarray(cube.load())
    rising = [_rising(array, axis) for axis in range(3)]
    array = np.moveaxis(array, int(np.argmax(rising)), 2)
    count = array.shape[1]
    names = _texts(entries, cube.group, _STRUCTURES, count)
    names = names or [f"structure {place + 1}" for place in range(count)]
    prefix = f"{cube.group}/" if cube.group else ""
    return [
        NamedArray.of_array(f"{prefix}{name}", array[:, place]) for place, name in enumerate(names)
    ]


def _rising(array: NDArray[np.float64], axis: int) -> float:
    steps = np.diff(array.real, axis=axis)
    return float(np.mean(steps >= 0)) if steps.size else 0.0


def _texts(
    entries: Sequence[NamedArray], group: str, names: frozenset[str], count: int
) -> list[str]:
    """Return the names that an array beside gives, if there are as many and all differ."""
    for entry in entries:
        fits = entry.squeezed == (count,) or entry.shape == (count,)
        if entry.group == group and entry.name in names and fits and entry.kind != "other":
            found = [as_text(item) for item in entry.load().ravel()]
            if len(set(found)) == count and all(found):
                return found
    return []


def read_matrices(
    source: Source,
    chosen: Sequence[NamedArray],
    entries: Sequence[NamedArray],
    orientation: Orientation | None,
    notes: list[str],
) -> list[Spectrum]:
    """Read every subject's structures, in the order of the file: structure after structure.

    Parameters
    ----------
    source : Source
        For names and errors.
    chosen : sequence of NamedArray
        From :func:`matrices`.
    entries : sequence of NamedArray
        All arrays of the file; names, ages and the like of the subjects may stand beside.
    orientation : {'rows', 'columns'} or None
        How the subjects lie; None to find out.
    notes : list of str
        Remarks are added.
    """
    lies = orientation or _orientation(chosen)
    count = chosen[0].shape[0 if lies == "rows" else 1]
    subjects = _texts(entries, chosen[0].group, frozenset(_SUBJECTS), count)
    subjects = subjects or [numbered_subject(place) for place in range(count)]
    beside = [entry for entry in entries if len(entry.squeezed) < 2]
    found: list[Spectrum] = []
    for entry in chosen:
        table = np.ascontiguousarray(entry.load().real, dtype=np.float64)
        table = table if lies == "rows" else np.ascontiguousarray(table.T)
        structure = entry.key.rpartition("/")[2]
        fields = ShapeFields(source, entry, beside, many=True)
        for spectrum, place in fields.numbered(table, notes):
            subject = subjects[place]
            named = replace(
                spectrum,
                name=f"{subject} {structure}",
                key=f"{structure}[{place}]",
                subject=subject,
                structure=structure,
            )
            found.append(named)
    notes.append(f"{count} subjects with {len(chosen)} structures each, one array a structure.")
    return found


def _orientation(chosen: Sequence[NamedArray]) -> Orientation:
    counts = {entry.shape[0] for entry in chosen}
    others = {entry.shape[1] for entry in chosen}
    if len(counts) == 1 and len(others) > 1:
        return "rows"
    if len(others) == 1 and len(counts) > 1:
        return "columns"
    return guess_orientation(np.asarray(chosen[0].load().real, np.float64), fallback="rows")[0]
