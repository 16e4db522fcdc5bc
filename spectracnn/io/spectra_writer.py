"""HDF5 files of spectra and of what a model made of them, written batch by batch."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.block import column_of, padded
from spectracnn.core.card_file import file_sha256
from spectracnn.core.columns import Repeated
from spectracnn.errors import ExportError
from spectracnn.io.chunked_rows import CHUNK_BYTES, ChunkedRows, chunk_rows
from spectracnn.io.steady_file import SteadyFile
from spectracnn.io.write import to_bytes
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    import h5py
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription


_TEXTS = 4096
"""Texts that are written at once; HDF5 takes each call of them slowly."""


class FileHashes:
    """SHA-256 of files, each computed once in a process unless it changes."""

    _all: ClassVar[dict[tuple[str, int, int], str]] = {}

    def __init__(self) -> None:
        self._known: dict[Path, str] = {}

    def of(self, source: Path | None) -> str:
        """Return the hash in hex; empty if the file is unknown or gone meanwhile."""
        if source is None:
            return ""
        if source not in self._known:
            try:
                state = os.stat(source)
                key = (str(source), state.st_size, state.st_mtime_ns)
                if key not in self._all:
                    if len(self._all) > 1000:
                        self._all.clear()
                    self._all[key] = file_sha256(Path(source))
                self._known[source] = self._all[key]
            except OSError:
                self._known[source] = ""
            if len(self._known) > 10_000:
                self._known = {source: self._known[source]}
        return self._known[source]


class SpectraWriter:
    """Appends spectra to a new HDF5 file; it appears under its name when the block succeeds.

    What a model made of them is added by subclasses, in constant memory.

    Parameters
    ----------
    path : str or Path
        The file to write.
    description : ModelDescription
        The model.
    attributes : mapping of str to plain values
        Of the root, beside those about the model: ``format``, ``version``, ...

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind.
    """

    def __init__(
        self, path: str | Path, description: ModelDescription, attributes: Mapping[str, Any]
    ) -> None:
        self._path = Path(path)
        self._description = description
        self._attributes = dict(attributes)
        self._stack = ExitStack()
        self._file: h5py.File | None = None
        self._steady: SteadyFile | None = None
        self._datasets: dict[str, h5py.Dataset] = {}
        self._rows: dict[str, ChunkedRows] = {}
        self._texts: dict[str, list[bytes]] = {}
        self._hashes = FileHashes()
        self._columns: dict[str, str] = {}
        self._count = 0
        self._filters: dict[str, Any] = {}

    def __enter__(self) -> Self:
        import h5py

        temporary = self._stack.enter_context(atomic_path(self._path))
        try:
            # The cache must hold a whole chunk: else each batch would rewrite the eigenvalues'.
            self._steady = SteadyFile(temporary)
            self._file = h5py.File(self._steady, "w", rdcc_nbytes=4 * CHUNK_BYTES)
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
                for rows in self._rows.values():
                    rows.finish()
                self._write_texts()
                if "spectra/eigenvalues" not in self._datasets:
                    self._create("spectra/eigenvalues", (0,), np.float64, widening=True)
                self._complete()
            except (OSError, RuntimeError, ValueError) as failure:
                self._close(type(failure), failure)
                raise ExportError(f"{self._path}: cannot be written ({failure}).") from failure
        self._close(kind, error)

    def _append_batch(
        self,
        spectra: Sequence[Spectrum],
        arrays: Mapping[str, NDArray[Any]],
        covariates: Mapping[str, Any] | None = None,
    ) -> None:
        """Write n spectra, n rows to each of the datasets named, and n cells of each column.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        try:
            self._append_spectra(spectra)
            for key, values in arrays.items():
                self._append(key, values)
            for name, cells in (covariates or {}).items():
                self._append_column(self._column_key(name), cells)
            if self._steady is not None:
                self._steady.check()
        except (OSError, RuntimeError) as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error
        self._count += len(spectra)
        if len(self._texts["spectra/name"]) >= _TEXTS:
            self._write_texts()

    def add_text(self, key: str, text: str) -> None:
        """Write a text as a dataset of its own; an attribute may hold no more than 64 kB."""
        if self._file is not None:
            self._file[key] = text

    def _complete(self) -> None:
        """Add what a file without spectra still lacks, and what is only known at the end."""

    def _write_head(self, file: h5py.File) -> None:
        import h5py

        steps = self._description.card.preprocessing.to_json()
        file.attrs.update(
            {
                "model_sha256": self._description.sha256,
                "model_name": encodable(self._description.name),
                "preprocessing": json.dumps(steps),
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                **self._attributes,
            }
        )
        classes = to_bytes(self._description.classes)
        file.create_dataset("classes", data=classes, dtype=h5py.string_dtype())
        for key in ("name", "source", "sha256", "subject", "structure"):
            self._add_texts(f"spectra/{key}")
        count = file.create_dataset(
            "spectra/count", (0,), np.int64, maxshape=(None,), chunks=(16384,)
        )
        self._datasets["spectra/count"] = count
        self._rows["spectra/count"] = ChunkedRows(count)

    def _append_spectra(self, spectra: Sequence[Spectrum]) -> None:
        table, lengths = padded(spectra)
        self._append_table("spectra/eigenvalues", table)
        self._rows["spectra/count"].append(lengths)
        for key in ("name", "subject", "structure"):
            self._texts[f"spectra/{key}"] += _bytes_of(column_of(spectra, key))
        sources = column_of(spectra, "source")
        one = isinstance(sources, Repeated) and len(sources)
        different = dict.fromkeys(sources[:1] if one else sources)
        paths = to_bytes([str(source or "") for source in different]).tolist()
        known = dict(zip(different, paths, strict=True))
        hashes = {source: self._hashes.of(source).encode() for source in known}
        for key, texts in (("source", known), ("sha256", hashes)):
            found = [*texts.values()] * one if one else [texts[source] for source in sources]
            self._texts[f"spectra/{key}"] += found

    def _column_key(self, name: str) -> str:
        """Return the dataset of a table's column: two columns never share one."""
        if name not in self._columns:
            plain = encodable(name).replace("/", "_").replace("\0", "_")
            key = f"covariates/{plain if plain.strip('.') else '_' + plain}"
            while key in self._columns.values():
                key += "_"
            self._columns[name] = key
        return self._columns[name]

    def _append_column(self, key: str, cells: Any) -> None:
        """Append numbers, NaN where they are missing, or texts."""
        if isinstance(cells, np.ndarray):
            self._append(key, np.asarray(cells, np.float64))
            return
        if key not in self._texts:
            self._add_texts(key)
        self._texts[key] += _bytes_of([cell or "" for cell in cells])

    def _add_texts(self, key: str) -> None:
        import h5py

        assert self._file is not None
        self._texts[key] = []
        self._datasets[key] = self._file.create_dataset(
            key, (0,), h5py.string_dtype(), maxshape=(None,), chunks=(_TEXTS,)
        )

    def _write_texts(self) -> None:
        """Write the texts that wait."""
        for key, texts in self._texts.items():
            dataset, first = self._datasets[key], len(self._datasets[key])
            dataset.resize(first + len(texts), axis=0)
            if texts:
                dataset[first:] = np.array(texts, object)
            texts.clear()

    def _append_table(self, key: str, table: NDArray[np.float64]) -> None:
        """Append rows that may be longer or shorter than those before."""
        dataset = self._datasets.get(key)
        if dataset is None:
            dataset = self._create(key, table.shape[1:], np.float64, widening=True)
            self._rows[key] = ChunkedRows(dataset)
        rows = self._rows.get(key)
        if rows is not None and table.shape[1] == dataset.shape[1]:
            rows.append(table)
            return
        if rows is not None:  # from here on they differ in length, which HDF5 has to sort out
            self._rows.pop(key).finish()
        if table.shape[1] > dataset.shape[1]:
            dataset.resize(table.shape[1], axis=1)
        dataset.resize(self._count + len(table), axis=0)
        dataset[self._count :, : table.shape[1]] = table

    def _append(self, key: str, values: NDArray[Any]) -> None:
        if key not in self._datasets and self._filtered(key):
            self._create(key, np.shape(values)[1:], values.dtype)
        if key in self._datasets and self._filtered(key):
            self._extend(key, values)
            return
        if key not in self._datasets:
            self._rows[key] = ChunkedRows(self._create(key, np.shape(values)[1:], values.dtype))
        self._rows[key].append(values)

    def _filtered(self, key: str) -> bool:
        """Whether a dataset is compressed: those are not written past HDF5."""
        return bool(self._filters) and key.startswith("layers/")

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
            **(self._filters if self._filtered(key) else {}),
        )
        self._datasets[key] = dataset
        return dataset

    def _close(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        """Close the file, then let it appear under its name, or vanish after an error."""
        self._datasets.clear()
        self._rows.clear()
        file, self._file = self._file, None
        if file is not None:
            try:
                try:
                    file.close()
                finally:
                    if self._steady is not None:
                        self._steady.close()
                if self._steady is not None:
                    self._steady.check()
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


def _bytes_of(texts: Sequence[str]) -> list[bytes]:
    if isinstance(texts, Repeated):
        found: list[bytes] = to_bytes([texts.value]).tolist() * len(texts)
        return found
    encoded: list[bytes] = to_bytes(texts).tolist()
    return encoded
