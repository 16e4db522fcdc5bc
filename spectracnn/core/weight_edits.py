"""Weights that a person set by hand, for passes that leave the model itself as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.errors import LayerError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class WeightEdit:
    """One weight array of one layer, as it shall be.

    Parameters
    ----------
    layer : int
        Index in ``ModelDescription.layers``.
    weight : str
        Which, by its name in ``LayerWeights.arrays``, such as ``kernel``.
    values : array_like, float32
        All of it, in Keras's shape.
    caption : str
        What was done, for people and for the card of a saved model.

    Raises
    ------
    LayerError
        If a value is not finite.
    """

    layer: int
    weight: str
    values: NDArray[np.float32]
    caption: str = ""

    def __post_init__(self) -> None:
        values = frozen_array(self.values, np.float32)
        if not np.isfinite(values).all():
            raise LayerError(f"A weight of '{self.weight}' is not a finite number.")
        object.__setattr__(self, "values", values)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.values.flags.writeable = False

    def to_json(self) -> dict[str, Any]:
        """Return the edit as plain JSON values."""
        return {
            "layer": self.layer,
            "weight": self.weight,
            "shape": list(self.values.shape),
            "values": [float(value) for value in self.values.ravel()],
            "caption": self.caption,
        }

    @classmethod
    def from_json(cls, record: Any) -> WeightEdit:
        """Read an edit from plain JSON values.

        Raises
        ------
        LayerError
            If it is none.
        """
        try:
            values = np.asarray(record["values"], np.float32).reshape(record["shape"])
            return cls(
                int(record["layer"]), str(record["weight"]), values, str(record.get("caption", ""))
            )
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise LayerError("A saved edit of weights is damaged.") from error


def merged(edits: tuple[WeightEdit, ...], new: WeightEdit) -> tuple[WeightEdit, ...]:
    """Return the edits with a new one in the place of an older one of the same array."""
    key = (new.layer, new.weight)
    return (*(edit for edit in edits if (edit.layer, edit.weight) != key), new)
