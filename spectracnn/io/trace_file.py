"""The HDF5 file of ``spectracnn trace``, written batch by batch in constant memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.io.spectra_writer import SpectraWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription

    LayerArrays = tuple[NDArray[np.float32] | None, NDArray[np.float32]]

FORMAT = "spectracnn-trace"
VERSION = 1
_UNSAFE = re.compile(r"[^\w\-]+")


def layer_key(place: int, name: str, count: int) -> str:
    """Return the name of a layer's dataset: ``NN_LAYERNAME``.

    Parameters
    ----------
    place : int
        The layer's place in forward order, from 0.
    name : str
        The layer's name; everything but letters, digits, ``_`` and ``-`` becomes ``_``, because
        ``.before`` has a meaning and ``/`` would nest.
    count : int
        How many layers there are; over 100 the number gets more digits.

    Examples
    --------
    >>> layer_key(3, "block/conv1d", 12)
    '03_block_conv1d'
    """
    return f"{place:0{max(2, len(str(count - 1)))}d}_{_UNSAFE.sub('_', name)}"


@dataclass(frozen=True)
class TraceOptions:
    """How traces are written.

    Parameters
    ----------
    layers : tuple of str or None
        Names of the layers that are written; None for all.
    dtype : {'float32', 'float16'}
        Of the layers' outputs; float16 holds three digits, up to 65504.
    compression : {'', 'gzip', 'lzf'}
        Of the layers' outputs.
    """

    layers: tuple[str, ...] | None = None
    dtype: str = "float32"
    compression: str = ""


class TraceWriter(SpectraWriter):
    """Appends traces to a new HDF5 file; it appears under its name when the block succeeds.

    Parameters
    ----------
    path : str or Path
        The file to write.
    description : ModelDescription
        The model that computes the traces.
    versions : mapping of str to str
        Such as ``{"spectracnn": "0.1.0", "keras": "3.15.1"}``: attributes ``keras_version`` ...
    options : TraceOptions
        Which layers are written, and how.

    Examples
    --------
    ::

        with TraceWriter("out.h5", description, {"keras": keras.__version__}) as writer:
            for spectra, inputs, layers, output in batches:
                writer.append(spectra, inputs, layers, output)

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind.
    """

    def __init__(
        self,
        path: str | Path,
        description: ModelDescription,
        versions: Mapping[str, str],
        options: TraceOptions = TraceOptions(),
    ) -> None:
        self._options = options
        package_versions = {f"{package}_version": version for package, version in versions.items()}
        known = {"format": FORMAT, "version": VERSION, "temperature": description.card.temperature}
        super().__init__(path, description, {**known, **package_versions})
        names = [layer.name for layer in description.layers]
        self._keys = [f"layers/{layer_key(at, name, len(names))}" for at, name in enumerate(names)]
        chosen = options.layers
        self._chosen = [chosen is None or name in chosen for name in names]
        self._dtype: Any = np.dtype(options.dtype)
        self._filters = {"compression": options.compression} if options.compression else {}

    def append(
        self,
        spectra: Sequence[Spectrum],
        inputs: NDArray[np.float32],
        layers: Sequence[LayerArrays],
        output: NDArray[np.float32],
        covariates: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one batch.

        Parameters
        ----------
        spectra : sequence of Spectrum
            The batch, n of them.
        inputs : ndarray, shape (n, steps, channels)
            What the network was given.
        layers : sequence of (before, output)
            For each layer in forward order, shape (n, ...) each; ``before`` is None where no
            activation is fused.
        output : ndarray, shape (n, ...)
            What the network computed.
        covariates : mapping of str to sequence, optional
            Columns of a table, n numbers or texts each.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        if len(layers) != len(self._keys):
            raise ValueError(f"{len(layers)} layers given, the model has {len(self._keys)}")
        arrays = {"input": inputs}
        for key, (before, after), chosen in zip(self._keys, layers, self._chosen, strict=True):
            if not chosen:
                continue
            if before is not None:
                arrays[f"{key}.before"] = before
            arrays[key] = after
        arrays["output"] = output
        with np.errstate(over="ignore"):  # beyond float16's largest they are infinite
            singles = {
                key: np.asarray(values, self._dtype if key.startswith("layers/") else np.float32)
                for key, values in arrays.items()
            }
        self._append_batch(spectra, singles, covariates)

    def _complete(self) -> None:
        """Add what an empty file still lacks, and say of each layer what it is."""
        shapes: dict[str, tuple[int, ...]] = {
            "input": self._description.input_shape,
            "output": self._description.read.shape,
        }
        members = zip(self._keys, self._description.layers, self._chosen, strict=True)
        layers = [(key, layer) for key, layer, chosen in members if chosen]
        shapes.update({key: layer.output_shape for key, layer in layers})
        for key, shape in shapes.items():
            if key not in self._datasets:
                self._create(key, shape, self._dtype if key in self._keys else np.float32)
        for key, layer in layers:
            split = f"{key}.before" in self._datasets
            roles = {f"{key}.before": "before", key: "after"} if split else {key: "output"}
            for name, role in roles.items():
                self._datasets[name].attrs.update(
                    {"layer": layer.name, "layer_class": layer.layer_class, "role": role}
                )
