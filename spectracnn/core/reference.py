"""The reference file: what a model's card cannot hold of the spectra that it was trained on.

``NAME.reference.npz`` lies beside ``NAME.keras`` and its card, which names it with its SHA-256. It
holds plain arrays only, never objects, so that opening one runs nothing.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.atomic import atomic_path
from spectracnn.core.outputs import ReferenceFile
from spectracnn.core.spacings import COUNT
from spectracnn.core.typicality import Known
from spectracnn.errors import CardError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = "spectracnn-reference"
VERSION = 1
MOST_BYTES = 1 << 30
"""Of one array, unpacked."""


@dataclass(frozen=True, eq=False)
class Reference:
    """N training spectra of a model; arrays are read-only.

    Parameters
    ----------
    names : ndarray, shape (N,), str
        What they are called.
    eigenvalues : ndarray, shape (N, m), float64
        Those that the model reads, as their files have them; NaN behind shorter ones.
    inputs : ndarray, shape (N, values), float32
        The model's inputs, flat.
    statistics : ndarray, shape (N, 12), float64
        See :mod:`spectracnn.core.spacings`; NaN where unknown.
    distances : ndarray, shape (N, 2), float64
        Each one's distances to the nearest outside its fold, see :mod:`spectracnn.core.typicality`.
    truth : ndarray, shape (N,), float64
        Index of the class, or the value of a regression.
    outputs : ndarray, shape (N, outputs), float32
        Out of fold: the logits, or the value, of a network that was not trained on the spectrum.
    folds : ndarray, shape (N,), int64
        Which fold of the cross-validation each was in.
    shadow_weights : ndarray, shape (values, outputs), float64
        Of the linear model on the same input; empty where there is none.
    shadow_bias : ndarray, shape (outputs,), float64
        Likewise.
    """

    names: NDArray[Any]
    eigenvalues: NDArray[np.float64]
    inputs: NDArray[np.float32]
    statistics: NDArray[np.float64]
    distances: NDArray[np.float64]
    truth: NDArray[np.float64]
    outputs: NDArray[np.float32]
    folds: NDArray[np.int64]
    shadow_weights: NDArray[np.float64]
    shadow_bias: NDArray[np.float64]

    def __post_init__(self) -> None:
        for item, kind in _KINDS.items():
            object.__setattr__(self, item, frozen_array(getattr(self, item), kind))
        problem = _problem(self)
        if problem:
            raise CardError(f"The reference of the training spectra is invalid: {problem}.")

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def known(self) -> Known:
        """What typicality compares with."""
        return Known(self.inputs.astype(np.float64), self.statistics, self.distances)

    @property
    def has_shadow(self) -> bool:
        """Whether there is a linear model beside the network."""
        return self.shadow_weights.size > 0

    def shadow(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Return the linear model's logits, or values.

        Parameters
        ----------
        inputs : ndarray, shape (n, values)
            The model's inputs, flat.

        Returns
        -------
        ndarray, shape (n, outputs)
            Of no columns where there is no linear model.
        """
        if not self.has_shadow:
            return np.zeros((len(inputs), 0))
        found: NDArray[np.float64] = inputs @ self.shadow_weights + self.shadow_bias
        return found


_KINDS: dict[str, Any] = {
    "names": np.str_,
    "eigenvalues": np.float64,
    "inputs": np.float32,
    "statistics": np.float64,
    "distances": np.float64,
    "truth": np.float64,
    "outputs": np.float32,
    "folds": np.int64,
    "shadow_weights": np.float64,
    "shadow_bias": np.float64,
}


def _problem(reference: Reference) -> str:
    """Return what is wrong with the shapes and numbers; empty if nothing is."""
    count = len(reference.names)
    widths = {"statistics": COUNT, "distances": 2}
    for item in ("eigenvalues", "inputs", "statistics", "distances", "outputs"):
        values = getattr(reference, item)
        if (
            values.ndim != 2
            or len(values) != count
            or values.shape[1] != widths.get(item, values.shape[1])
        ):
            return f"'{item}' has the shape {values.shape} for {count} spectra"
    for item in ("truth", "folds"):
        if getattr(reference, item).shape != (count,):
            return f"'{item}' is not one number a spectrum"
    if count == 0 or not np.isfinite(reference.inputs).all():
        return "'inputs' is empty or not finite"
    if not np.isfinite(reference.distances).all():
        return "'distances' is not finite"
    weights, bias = reference.shadow_weights, reference.shadow_bias
    width = reference.inputs.shape[1]
    if weights.size and (weights.ndim != 2 or weights.shape != (width, bias.size)):
        return f"'shadow_weights' has the shape {weights.shape}"
    return ""


def reference_path(model: Path) -> Path:
    """Return where a model's reference file lies: ``NAME.reference.npz`` beside ``NAME.keras``."""
    return model.with_name(f"{model.stem}.reference.npz")


def write_reference(reference: Reference, path: Path) -> ReferenceFile:
    """Write a reference file; the same reference gives the same bytes.

    Parameters
    ----------
    reference : Reference
        What is written; numbers that need no more are stored as float32.
    path : Path
        From `reference_path`.

    Returns
    -------
    ReferenceFile
        For the card.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {"format": np.array(f"{FORMAT} {VERSION}")}
    for item in fields(reference):
        values = getattr(reference, item.name)
        arrays[item.name] = values.astype(np.float32) if item.name in _SHORT else values
    with atomic_path(path) as temporary:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, values in arrays.items():
                stream = io.BytesIO()
                np.lib.format.write_array(stream, np.asarray(values), allow_pickle=False)
                # Without the time of writing, which numpy would put in.
                entry = zipfile.ZipInfo(f"{name}.npy")
                archive.writestr(entry, stream.getvalue(), zipfile.ZIP_DEFLATED)
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
    return ReferenceFile(path.name, digest)


_SHORT = {"eigenvalues", "statistics", "shadow_weights", "shadow_bias"}


def read_reference(path: Path, sha256: str = "") -> Reference:
    """Read a reference file.

    Parameters
    ----------
    path : Path
        The file.
    sha256 : str
        From the card; empty to take the file as it is.

    Raises
    ------
    CardError
        If it is missing, is not the file that the card names, or holds something else; one
        sentence.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CardError(
            f"{path.name}: the reference file cannot be read ({error.strerror})."
        ) from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise CardError(f"{path.name}: the reference file is not the one that the card names.")
    try:
        return Reference(**_arrays(content))
    except CardError as error:
        raise CardError(f"{path.name}: {error.message}") from error
    except _DAMAGE as error:
        raise CardError(f"{path.name}: the reference file is damaged or no such file.") from error


_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, OSError, TypeError)


def _arrays(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.file_size > MOST_BYTES:
                raise CardError(f"'{entry.filename}' unpacks to an absurd size.")
        found = {}
        for name in ("format", *_KINDS):
            stream = io.BytesIO(archive.read(f"{name}.npy"))
            found[name] = np.lib.format.read_array(stream, allow_pickle=False)
    if str(found.pop("format")) != f"{FORMAT} {VERSION}":
        raise CardError("it is of a version that this program does not know.")
    return found
