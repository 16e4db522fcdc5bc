"""A box to choose a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription


def has_filters(info: LayerInfo) -> bool:
    """Return whether a layer has several channels at each place of a line or a plane."""
    return len(info.output_shape) in (2, 3)


def by_place(output: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return an output as ``(places, channels)``: the rows of a plane one after the other."""
    return output.reshape(-1, output.shape[-1])


def as_drawn(output: NDArray[np.floating], channel: int) -> NDArray[np.floating]:
    """Return an output as a map: ``(places, channels)``, or one channel's ``(columns, rows)``."""
    return output[..., channel].T if output.ndim == 3 else output


def strongest(outputs: Iterable[NDArray[np.floating]]) -> int:
    """Return the channel that is largest on average over some outputs alike."""
    sums = [np.nan_to_num(np.abs(by_place(output))).sum(axis=0) for output in outputs]
    return int(np.argmax(np.sum(sums, axis=0))) if sums else 0


class LayerBox(QComboBox):
    """Offers the layers of a model that pass a test."""

    def __init__(self, wanted: Callable[[LayerInfo], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._model: ModelDescription | None = None
        self.setAccessibleName("Layer")
        self.setMinimumWidth(140)

    def show_model(self, model: ModelDescription | None) -> None:
        """Offer another model's layers; the first is chosen."""
        if model is self._model:
            return
        self._model = model
        self.clear()
        for place, info in enumerate(model.layers if model is not None else ()):
            if self._wanted(info):
                self.addItem(info.name, place)

    @property
    def layer(self) -> int | None:
        """Which layer is chosen."""
        chosen = self.currentData()
        return None if chosen is None else int(chosen)
