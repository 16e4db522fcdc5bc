"""The numbers behind a panel to files and to the clipboard, with where they come from."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.figures.attribution_file import write_attribution
from spectracnn.figures.provenance import now, provenance
from spectracnn.figures.tables import find_layer, panel_table, stage_name, unique
from spectracnn.io.headers import header_lines
from spectracnn.io.steady_file import new_hdf5
from spectracnn.view.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.trace import Trace
    from spectracnn.figures.export import Panel
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.view.contents import Contents, LayerContents

FORMATS = ("csv", "npz", "h5", "hdf5")
SCHEMA, VERSION = "spectracnn-values", 1

Arrays = dict[str, "NDArray[Any]"]


def export_values(document: Document, selection: Selection, panel: Panel, path: Path) -> None:
    """Write the numbers behind a panel; the suffix chooses CSV, NPZ or HDF5.

    CSV is one table under ``#`` lines with the origin. NPZ and HDF5 hold arrays, a layer's numbers
    before its activation as well, and the origin as JSON under ``provenance``. An attribution alone
    becomes an HDF5 file as ``spectracnn explain`` writes it. See ``docs/export.md``.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        What is shown, and how.
    panel : {'spectrum', 'attribution', 'layers', 'prediction', 'all'} or int
        Which numbers: a layer's index in the model means this layer alone; ``all``, which is not
        possible as CSV, everything.
    path : Path
        The file.

    Raises
    ------
    ExportError
        If there is nothing to write, the format is not possible, or the file cannot be written;
        nothing is left behind.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ExportError(f"{path.name}: values are written as .csv, .npz, .h5 or .hdf5.")
    contents = resolve(document, selection)
    origin = {
        "format": SCHEMA,
        "version": VERSION,
        "created": now(),
        "panel": _panel_name(contents, panel),
        **provenance(document, selection),
    }
    if kind == "csv":
        text = _csv_text(contents, panel, origin)
        _write(path, lambda part: _write_text(part, text))
        return
    if panel == "attribution" and kind != "npz":
        _write(path, lambda part: write_attribution(document, selection, part, origin))
        return
    trace = document.traces.get(selection.current) if selection.current is not None else None
    arrays = panel_arrays(contents, panel, trace)
    writer = _write_npz if kind == "npz" else _write_hdf5
    _write(path, lambda part: writer(part, arrays, origin))


def values_tsv(contents: Contents, panel: Panel) -> str:
    """Return the numbers behind a panel for the clipboard: tabs between them, a header above.

    Raises
    ------
    ExportError
        If there is no such panel, or nothing in it.
    """
    table = panel_table(contents, "spectrum" if panel == "all" else panel)
    lines = ["\t".join(_one_cell(name) for name in table.header)]
    lines += ["\t".join(_one_cell(cell) for cell in row) for row in table.rows()]
    return "\n".join(lines) + "\n"


def panel_arrays(contents: Contents, panel: Panel, trace: Trace | None) -> Arrays:
    """Return the numbers behind a panel as named arrays.

    Names are ``spectrum/...``, ``attribution/...``, ``layers/NN_NAME...`` and
    ``prediction/...``; a layer's ``.index`` says where each step stands on the axis of eigenvalues.
    """
    arrays: Arrays = {}
    if panel in {"spectrum", "all"}:
        table = panel_table(contents, "spectrum")
        arrays["spectrum/index"] = table.columns[0]
        arrays["spectrum/names"] = np.array(table.header[1:])
        filled = [np.ma.filled(column, np.nan) for column in table.columns[1:]]
        arrays["spectrum/values"] = np.stack(filled)
    if panel == "attribution" or (panel == "all" and contents.attribution is not None):
        table = panel_table(contents, "attribution")
        arrays |= {f"attribution/{name}": column for name, column in _columns(table)}
    if panel in {"layers", "all"} or isinstance(panel, int):
        alone = isinstance(panel, int)
        layers = (find_layer(contents, int(panel)),) if alone else contents.layers
        if alone or panel == "layers":
            panel_table(contents, panel)  # says in a sentence what is missing
        for layer in layers:
            arrays |= _layer_arrays(layer, trace)
    if panel == "prediction" or (panel == "all" and contents.prediction.classes):
        table = panel_table(contents, "prediction")
        arrays |= {f"prediction/{name}": column for name, column in _columns(table)}
    return arrays


def _columns(table: Any) -> list[tuple[str, NDArray[Any]]]:
    return list(zip(table.header, table.columns, strict=True))


def _layer_arrays(layer: LayerContents, trace: Trace | None) -> Arrays:
    picture = layer.picture
    if picture is None or trace is None:
        return {}
    name = f"layers/{layer.index:02d}_{layer.title.replace('/', '.')}"
    numbers = trace.layers[layer.index]
    arrays: Arrays = {name: numbers.output}
    if numbers.before is not None:
        arrays[f"{name}.before"] = numbers.before
    if not picture.vector:
        arrays[f"{name}.index"] = picture.centres
    return arrays


def _panel_name(contents: Contents, panel: Panel) -> str:
    if not isinstance(panel, int):
        return panel
    layer = find_layer(contents, panel)
    return f"layer {panel} ({layer.title}, activation: {stage_name(layer)})"


def _csv_text(contents: Contents, panel: Panel, origin: dict[str, Any]) -> str:
    table = panel_table(contents, panel)
    stream = io.StringIO()
    stream.write(header_lines(origin))
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(unique([_one_cell(name) for name in table.header]))
    writer.writerows(table.rows())
    return stream.getvalue()


def _one_cell(text: str) -> str:
    """Return the text without what would begin another cell or line."""
    return " ".join(text.split())


def _write(path: Path, writer: Callable[[Path], None]) -> None:
    with atomic_path(path) as temporary:
        writer(temporary)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _write_npz(path: Path, arrays: Arrays, origin: dict[str, Any]) -> None:
    record = np.array(json.dumps(origin, ensure_ascii=False))
    named: dict[str, Any] = {**arrays, "provenance": record}
    with path.open("wb") as stream:
        np.savez_compressed(stream, **named)


def _write_hdf5(path: Path, arrays: Arrays, origin: dict[str, Any]) -> None:
    import h5py

    with new_hdf5(path) as file:
        file.attrs["format"], file.attrs["version"] = SCHEMA, VERSION
        # A dataset, because an attribute may hold no more than 64 kB.
        file["provenance"] = json.dumps(origin, ensure_ascii=False)
        for name, values in arrays.items():
            if values.dtype.kind == "U":
                file.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype())
            else:
                file.create_dataset(name, data=values)
