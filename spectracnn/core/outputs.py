"""What a network's outputs mean, and how several structures are arranged at its input."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """What the network was trained for."""

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
