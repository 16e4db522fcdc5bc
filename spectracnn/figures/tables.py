"""The numbers behind a panel, as a table of columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import ExportError
from spectracnn.state.selection import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from spectracnn.figures.export import Panel
    from spectracnn.view.contents import Contents, LayerContents
    from spectracnn.view.pictures import SpectrumPicture

MISSING = ""
"""A cell without a number; a value that is no number is ``nan``."""


@dataclass(frozen=True, eq=False)
class ExportTable:
    """Columns of equal length.

    Parameters
    ----------
    header : tuple of str
        Unique names of the columns.
    columns : tuple of ndarray, each of shape (rows,)
        Strings or numbers; a masked element is a missing cell.
    """

    header: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Iterate over the rows as text; numbers in the shortest form that reads back the same."""
        return zip(*(_texts(column) for column in self.columns), strict=True)


def _texts(column: NDArray[Any]) -> list[str]:
    words: list[str] = np.asarray(column).astype(str).tolist()
    if not isinstance(column, np.ma.MaskedArray):
        return words
    masked = np.ma.getmaskarray(column).tolist()
    return [MISSING if hidden else word for word, hidden in zip(words, masked, strict=True)]


def panel_table(contents: Contents, panel: Panel) -> ExportTable:
    """Return what a panel shows as a table.

    Parameters
    ----------
    contents : Contents
        What is shown.
    panel : {'spectrum', 'attribution', 'layers', 'prediction'} or int
        ``all`` has no table of its own: its parts have.

    Returns
    -------
    Table
        Spectrum: the index and one column a curve. Attribution: the ranked eigenvalues. A layer:
        step, index and one column a channel; of a vector, unit and value. All layers: one row a
        number. Prediction: class, probability.

    Raises
    ------
    ExportError
        If there is no such panel, or nothing in it.
    """
    if isinstance(panel, int):
        return layer_table(find_layer(contents, panel))
    match panel:
        case "spectrum":
            return _spectrum_table(contents.spectrum)
        case "attribution":
            return _attribution_table(contents)
        case "layers":
            return _layers_table(contents)
        case "prediction":
            return _prediction_table(contents)
    raise ExportError(f"The panel {panel!r} has no table; choose one of its parts.")


def find_layer(contents: Contents, index: int) -> LayerContents:
    """Return a layer by its index in the model.

    Raises
    ------
    ExportError
        If there is none.
    """
    layer = next((item for item in contents.layers if item.index == index), None)
    if layer is None:
        raise ExportError(
            f"There is no layer {index}; the model has {len(contents.layers)} layers."
        )
    return layer


def unique(names: list[str]) -> list[str]:
    """Return the names, the repeated ones numbered.

    Examples
    --------
    >>> unique(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    taken: set[str] = set()
    chosen = []
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name} ({count})"
        taken.add(candidate)
        chosen.append(candidate)
    return chosen


def _spectrum_table(picture: SpectrumPicture) -> ExportTable:
    if not picture.curves:
        raise ExportError(f"There is no spectrum to export. {picture.empty}".strip())
    index = np.unique(np.concatenate([curve.x for curve in picture.curves]))
    columns: list[NDArray[Any]] = [_whole(index)]
    # In the order of the table, not in that of drawing.
    curves = sorted(picture.curves, key=lambda curve: curve.colour)
    for curve in curves:
        hidden = ~np.isin(index, curve.x)
        column = np.ma.MaskedArray(np.full(index.size, np.nan), mask=hidden)
        column[~hidden] = curve.y
        columns.append(column)
    names = unique(["index", *(curve.name for curve in curves)])
    return ExportTable(tuple(names), tuple(columns))


def _whole(values: NDArray[np.float64]) -> NDArray[Any]:
    """Return whole numbers as such."""
    return values.astype(np.int64) if (values == np.rint(values)).all() else values


def layer_table(layer: LayerContents) -> ExportTable:
    """Return one layer's shown numbers."""
    picture = layer.picture
    if picture is None:
        raise ExportError(f"{layer.title}: there are no numbers yet; the network has not answered.")
    values = picture.values
    if picture.vector:
        units: list[NDArray[Any]] = [np.arange(values.size)]
        header = ["unit"]
        if picture.labels:
            units.append(np.array(picture.labels))
            header.append("class")
        return ExportTable((*header, "value"), (*units, values))
    names = [f"channel {i}" for i in range(values.shape[1])]
    if picture.plane is not None:
        names = [f"channel {picture.plane.channel}, {row}" for row in picture.plane.rows]
    header = ["step", "index", *names]
    columns = [np.arange(values.shape[0]), picture.centres, *values.T]
    return ExportTable(tuple(header), tuple(columns))


def stage_name(layer: LayerContents) -> str:
    """Return which side of its activation a layer shows; ``none`` where it has none."""
    if not layer.has_before:
        return "none"
    return "before" if layer.options.stage is Stage.BEFORE else "after"


def _layers_table(contents: Contents) -> ExportTable:
    parts = []
    for layer in contents.layers:
        picture = layer.picture
        if picture is None:
            continue
        grid = picture.values if picture.values.ndim == 2 else picture.values[:, None]
        steps, channels = np.indices(grid.shape)
        index = np.ma.MaskedArray(picture.centres[steps].ravel(), mask=picture.vector)
        names = np.full(grid.size, layer.title), np.full(grid.size, stage_name(layer))
        parts.append((*names, steps.ravel(), index, channels.ravel(), grid.ravel()))
    if not parts:
        raise ExportError("There are no feature maps to export; the network has not answered.")
    header = ("layer", "activation", "step", "index", "channel", "value")
    columns = zip(*parts, strict=True)
    return ExportTable(header, tuple(_joined(column) for column in columns))


def _joined(parts: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    masks = [np.ma.getmaskarray(part) for part in parts]
    values = np.concatenate([np.ma.getdata(part) for part in parts])
    mask = np.concatenate(masks)
    return np.ma.MaskedArray(values, mask=mask) if mask.any() else values


def _attribution_table(contents: Contents) -> ExportTable:
    picture = contents.attribution
    if picture is None:
        raise ExportError("There is no attribution to export; none was requested.")
    ranked = picture.ranked
    columns = {
        "rank": np.arange(1, len(ranked) + 1),
        "index": np.array([item.index for item in ranked]),
        "input": np.array([item.input for item in ranked]),
        "attribution": np.array([item.attribution for item in ranked]),
        "share": np.array([item.share for item in ranked]),
    }
    return ExportTable(tuple(columns), tuple(columns.values()))


def _prediction_table(contents: Contents) -> ExportTable:
    prediction = contents.prediction
    if not prediction.classes:
        raise ExportError(f"There is no prediction to export. {prediction.detail}".strip())
    header = ("name", "value") if prediction.texts else ("class", "probability")
    return ExportTable(header, (np.array(prediction.classes), prediction.probabilities))
