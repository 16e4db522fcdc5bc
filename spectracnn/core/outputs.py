"""What a network's outputs mean, and how several structures are arranged at its input."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """What the network was trained for; ``UNSPECIFIED`` leaves it to the network's last act."""

    UNSPECIFIED = ""
    CLASSIFICATION = "classification"
    MULTILABEL = "multilabel"
    REGRESSION = "regression"
    SEGMENTATION = "segmentation"


class Arrangement(StrEnum):
    """Where the structures of one subject stand in the input of a network.

    ``CHANNELS`` is ``(n, structures)``, ``ROWS`` ``(structures, n)`` or ``(structures, n, 1)``,
    ``CONCATENATED`` ``(structures * n,)`` or ``(structures * n, 1)``, one structure after the
    other; ``UNSPECIFIED`` leaves it to the shape.
    """

    UNSPECIFIED = ""
    CHANNELS = "channels"
    ROWS = "rows"
    CONCATENATED = "concatenated"


@dataclass(frozen=True)
class ReferenceFile:
    """The file beside the card with what is known of the training spectra.

    Parameters
    ----------
    file : str
        Its name, without a folder: it lies beside the card.
    sha256 : str
        Of its bytes, in hex.
    """

    file: str
    sha256: str


@dataclass(frozen=True)
class Output:
    """One output of a network.

    Parameters
    ----------
    name : str
        Of the layer that it comes from.
    shape : tuple of int
        Without the batch axis.
    activation : str
        The network's last act on these values, such as ``softmax``, ``sigmoid`` or ``linear``;
        also where only a mean or a change of shape follows it. Empty where it is no activation.
    layer : int or None
        The layer whose values the output holds, an index in ``ModelDescription.layers``.
    scores : int or None
        The layer that holds the values before that act; None where these are the output itself.
    scores_before : bool
        Whether they are that layer's values before its fused activation, not its output.
    """

    name: str
    shape: tuple[int, ...]
    activation: str = "softmax"
    layer: int | None = None
    scores: int | None = None
    scores_before: bool = False

    @property
    def wide(self) -> tuple[int, ...]:
        """The shape without axes of length 1."""
        return tuple(size for size in self.shape if size != 1)

    @property
    def per_step(self) -> bool:
        """Whether there is a row of values a step, and not one row."""
        return len(self.wide) == 2 or (len(self.shape) == 2 and self.shape[0] > 1)

    @property
    def width(self) -> int:
        """How many values stand in a row."""
        if not self.per_step:
            return math.prod(self.shape)
        return self.shape[-1] if len(self.wide) < 2 else self.wide[-1]
