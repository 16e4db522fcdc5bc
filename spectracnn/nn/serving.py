"""How a spectrum, or several of one subject, become the input of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import ModelError, PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.spectrum import Spectrum

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Serving:
    """What the network reads.

    Parameters
    ----------
    steps : int
        Eigenvalues of each structure.
    structures : tuple of str
        Names of the shapes whose spectra go in together; one empty name for a single spectrum.
    image : bool
        Whether the structures are rows of an image instead of channels.
    shape : tuple of int
        The network's own input shape; differs from ``input_shape`` by axes of length 1 only.
    """

    steps: int
    structures: tuple[str, ...]
    image: bool
    shape: tuple[int, ...]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """``(steps, channels)``, or ``(structures, steps, 1)`` for an image."""
        if self.image:
            return (len(self.structures), self.steps, 1)
        return (self.steps, len(self.structures))

    def fits(self, other: Serving) -> bool:
        """Whether a network that was built for the other is served by this one as well."""
        return (self.shape, self.input_shape) == (other.shape, other.input_shape)

    def to_network(self, inputs: Any) -> Any:
        """Bring tensors of the input shape, batch axis first, into the network's own shape."""
        if self.shape == self.input_shape:
            return inputs
        from keras import ops

        return ops.reshape(inputs, (-1, *self.shape))

    def pick(self, spectra: Sequence[Spectrum], name: str) -> list[Spectrum]:
        """Choose one spectrum a structure.

        Parameters
        ----------
        spectra : sequence of Spectrum
            Of one subject, in the file's order.
        name : str
            Whom a refusal names.

        Raises
        ------
        PreprocessingError
            If a structure is missing.
        """
        if len(self.structures) == 1:
            return [spectra[0]]
        if not any(self.structures):
            if len(spectra) < len(self.structures):
                raise PreprocessingError(
                    f"{name}: the model reads {len(self.structures)} structures together; "
                    f"the file has {len(spectra)}."
                )
            return list(spectra[: len(self.structures)])
        known = {spectrum.name: spectrum for spectrum in spectra}
        known |= {spectrum.key: spectrum for spectrum in spectra if spectrum.key}
        missing = [structure for structure in self.structures if structure not in known]
        if missing:
            raise PreprocessingError(
                f"{name}: the model reads the structure '{missing[0]}', which the file lacks."
            )
        return [known[structure] for structure in self.structures]

    def stack(self, rows: list[NDArray[np.float64]], name: str) -> NDArray[np.float32]:
        """Return the input of preprocessed values, one row a structure."""
        for row in rows:
            if row.size != self.steps:
                raise PreprocessingError(
                    f"{name}: the model reads {self.steps} values; "
                    f"{row.size} are left after preprocessing."
                )
        values = np.stack(rows).astype(np.float32)
        return values[:, :, None] if self.image else np.ascontiguousarray(values.T)


def serve(
    shapes: list[Shape] | None, card: ModelCard | None, assumed_length: int | None = None
) -> Serving:
    """Decide how spectra serve a network's input.

    Parameters
    ----------
    shapes : list of tuple or None
        Of the network's inputs, without the batch axis; None where the file does not tell them.
    card : ModelCard or None
        Tells the number of values where the network leaves it open, and names the structures.
    assumed_length : int, optional
        The number of values where the card leaves it open too.

    Raises
    ------
    ModelError
        If no spectrum can be the input; the sentence says what it would be.
    """
    if shapes is not None and len(shapes) != 1:
        raise ModelError(f"The model has {len(shapes)} inputs; a spectrum is one.")
    length = card.preprocessing.length if card is not None else None
    length = assumed_length if length is None else length
    names = card.structures if card is not None else ()
    shape = (None, max(len(names), 1)) if shapes is None else shapes[0]
    filled = _filled(shape, length)
    wide = [size for size in filled if size != 1]
    if len(filled) <= 3 and len(wide) <= 1:
        return Serving(wide[0] if wide else 1, ("",), False, filled)
    if len(filled) == 2:
        return Serving(filled[0], _named(names, filled[1]), False, filled)
    if len(filled) == 3 and filled[2] == 1:
        return Serving(filled[1], _named(names, filled[0]), True, filled)
    raise ModelError(
        f"The model's input shape is {_told(filled)}; spectra can serve (n, 1), "
        "(n, structures) and (structures, n, 1)."
    )


def _filled(shape: Shape, length: int | None) -> tuple[int, ...]:
    """Put the card's number of values where the network takes any."""
    if shape.count(None) == 0:
        return tuple(int(size) for size in shape if size is not None)
    if shape.count(None) > 1 or length is None:
        raise ModelError(
            f"The model's input shape is {_told(shape)}, which leaves the number of eigenvalues "
            "open.",
            "Give a model card whose preprocessing has a step 'take'.",
        )
    return tuple(length if size is None else int(size) for size in shape)


def _named(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    if names and len(names) != count:
        raise ModelError(f"The card names {len(names)} structures; the model reads {count}.")
    return names or ("",) * count


def _told(shape: Shape) -> str:
    inner = ", ".join("any" if size is None else str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"
