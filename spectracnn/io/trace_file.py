"""The HDF5 file of ``spectracnn trace``, written batch by batch in constant memory."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.card import file_sha256
from spectracnn.errors import ExportError
from spectracnn.io.chunked_rows import CHUNK_BYTES, ChunkedRows, chunk_rows
from spectracnn.io.write import to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    import h5py
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


class TraceWriter:
    """Appends traces to a new HDF5 file; it appears under its name when the block succeeds.

    Parameters
    ----------
    path : str or Path
        The file to write.
    description : ModelDescription
        The model that computes the traces.
    versions : mapping of str to str
        Such as ``{"spectracnn": "0.1.0", "keras": "3.15.1"}``: attributes ``keras_version`` ...

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
        self, path: str | Path, description: ModelDescription, versions: Mapping[str, str]
    ) -> None:
        self._path = Path(path)
        self._description = description
        self._versions = dict(versions)
        self._stack = ExitStack()
        self._file: h5py.File | None = None
        self._datasets: dict[str, h5py.Dataset] = {}
        self._rows: dict[str, ChunkedRows] = {}
        self._hashes: dict[Path, bytes] = {}
        self._count = 0
        names = [layer.name for layer in description.layers]
        self._keys = [f"layers/{layer_key(at, name, len(names))}" for at, name in enumerate(names)]

    def __enter__(self) -> TraceWriter:
        import h5py

        temporary = self._stack.enter_context(atomic_path(self._path))
        try:
            # The cache must hold a whole chunk: else each batch would rewrite the eigenvalues'.
            self._file = h5py.File(temporary, "w", rdcc_nbytes=4 * CHUNK_BYTES)
            self._write_head(self._file)
        except OSError as error:
            self._close(type(error), error)
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            try:
                self._complete()
            except (OSError, RuntimeError, ValueError) as failure:
                self._close(type(failure), failure)
                raise ExportError(f"{self._path}: cannot be written ({failure}).") from failure
        self._close(kind, error)

    def append(
        self,
        spectra: Sequence[Spectrum],
        inputs: NDArray[np.float32],
        layers: Sequence[LayerArrays],
        output: NDArray[np.float32],
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
        output : ndarray, shape (n, classes)
            What the network answered.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        if len(layers) != len(self._keys):
            raise ValueError(f"{len(layers)} layers given, the model has {len(self._keys)}")
        try:
            self._append_spectra(spectra)
            self._append("input", inputs, np.float32)
            for key, (before, after) in zip(self._keys, layers, strict=True):
                if before is not None:
                    self._append(f"{key}.before", before, np.float32)
                self._append(key, after, np.float32)
            self._append("output", output, np.float32)
        except (OSError, RuntimeError) as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error
        self._count += len(spectra)

    def _write_head(self, file: h5py.File) -> None:
        import h5py

        steps = self._description.card.preprocessing.to_json()
        file.attrs.update(
            {
                "format": FORMAT,
                "version": VERSION,
                "model_sha256": self._description.sha256,
                "model_name": self._description.name,
                "preprocessing": json.dumps(steps),
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
            }
        )
        for package, version in self._versions.items():
            file.attrs[f"{package}_version"] = version
        classes = to_bytes(self._description.classes)
        file.create_dataset("classes", data=classes, dtype=h5py.string_dtype())
        for key in ("name", "source", "sha256"):
            self._datasets[f"spectra/{key}"] = file.create_dataset(
                f"spectra/{key}", (0,), h5py.string_dtype(), maxshape=(None,), chunks=(4096,)
            )
        self._datasets["spectra/count"] = file.create_dataset(
            "spectra/count", (0,), np.int64, maxshape=(None,), chunks=(16384,)
        )
        file.create_group("layers")

    def _append_spectra(self, spectra: Sequence[Spectrum]) -> None:
        lengths = [len(spectrum) for spectrum in spectra]
        table = np.full((len(spectra), max(lengths, default=0)), np.nan)
        for row, spectrum, length in zip(table, spectra, lengths, strict=True):
            row[:length] = spectrum.eigenvalues
        self._append_table("spectra/eigenvalues", table)
        self._extend("spectra/count", np.array(lengths, np.int64))
        sources = [spectrum.source for spectrum in spectra]
        texts = to_bytes([spectrum.name for spectrum in spectra])
        self._extend("spectra/name", texts)
        self._extend("spectra/source", to_bytes([str(s or "") for s in sources]))
        hashes = np.empty(len(sources), object)
        hashes[:] = [self._hash(source) for source in sources]
        self._extend("spectra/sha256", hashes)

    def _hash(self, source: Path | None) -> bytes:
        """Return a source file's SHA-256; empty if it is unknown or gone meanwhile."""
        if source is None:
            return b""
        if source not in self._hashes:
            try:
                self._hashes[source] = file_sha256(Path(source)).encode()
            except OSError:
                self._hashes[source] = b""
        return self._hashes[source]

    def _append_table(self, key: str, table: NDArray[np.float64]) -> None:
        """Append rows that may be longer or shorter than those before."""
        dataset = self._datasets.get(key)
        if dataset is None:
            dataset = self._create(key, table.shape[1:], np.float64, widening=True)
        if table.shape[1] > dataset.shape[1]:
            dataset.resize(table.shape[1], axis=1)
        dataset.resize(self._count + len(table), axis=0)
        dataset[self._count :, : table.shape[1]] = table

    def _append(self, key: str, values: NDArray[Any], dtype: Any) -> None:
        if key not in self._datasets:
            self._rows[key] = ChunkedRows(self._create(key, np.shape(values)[1:], dtype))
        self._rows[key].append(values)

    def _extend(self, key: str, values: NDArray[Any]) -> None:
        dataset = self._datasets[key]
        dataset.resize(self._count + len(values), axis=0)
        dataset[self._count :] = values

    def _create(
        self, key: str, shape: tuple[int, ...], dtype: Any, widening: bool = False
    ) -> h5py.Dataset:
        assert self._file is not None
        rows = chunk_rows(shape, dtype)
        dataset = self._file.create_dataset(
            key,
            (0, *shape),
            dtype,
            maxshape=(None, *((None,) * len(shape) if widening else shape)),
            chunks=(rows, *(max(1, size) for size in shape)),
            fillvalue=np.nan if widening else None,
        )
        self._datasets[key] = dataset
        return dataset

    def _complete(self) -> None:
        """Add what an empty file still lacks, and say of each layer what it is."""
        for rows in self._rows.values():
            rows.finish()
        shapes: dict[str, tuple[int, ...]] = {
            "input": self._description.input_shape,
            "output": (len(self._description.classes),),
        }
        layers = self._description.layers
        shapes.update(
            {key: layer.output_shape for key, layer in zip(self._keys, layers, strict=True)}
        )
        for key, shape in shapes.items():
            if key not in self._datasets:
                self._create(key, shape, np.float32)
        if "spectra/eigenvalues" not in self._datasets:
            self._create("spectra/eigenvalues", (0,), np.float64, widening=True)
        for key, layer in zip(self._keys, layers, strict=True):
            split = f"{key}.before" in self._datasets
            roles = {f"{key}.before": "before", key: "after"} if split else {key: "output"}
            for name, role in roles.items():
                self._datasets[name].attrs.update(
                    {"layer": layer.name, "layer_class": layer.layer_class, "role": role}
                )

    def _close(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        """Close the file, then let it appear under its name, or vanish after an error."""
        self._datasets.clear()
        self._rows.clear()
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except (OSError, RuntimeError) as failure:
                if kind is None:
                    self._unwind(type(failure), failure)
                    raise ExportError(f"{self._path}: cannot be written ({failure}).") from failure
        self._unwind(kind, error)

    def _unwind(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        try:
            self._stack.__exit__(kind, error, None if error is None else error.__traceback__)
        except ExportError:
            if error is None:
                raise
