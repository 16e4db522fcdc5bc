"""How a spectrum, or several of one subject, become the inputs of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Arrangement
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum


@dataclass(frozen=True)
class InputPart:
    """What one of several inputs of a network reads.

    Parameters
    ----------
    first, count : int
        Which of the structures.
    steps : int
        How many of their values, from the first.
    image : bool
        Whether the structures are its rows instead of its channels.
    shape : tuple of int
        The input's own shape.
    """

    first: int
    count: int
    steps: int
    image: bool
    shape: tuple[int, ...]

    def cut(self, inputs: Any) -> Any:
        """Take this part of tensors of shape (batch, steps, structures)."""
        from keras import ops

        own = inputs[:, : self.steps, self.first : self.first + self.count]
        if self.image:
            own = ops.transpose(own, (0, 2, 1))
        return ops.reshape(own, (-1, *self.shape))


@dataclass(frozen=True)
class Serving:
    """What the network reads.

    Parameters
    ----------
    steps : int
        Eigenvalues of each structure.
    structures : tuple of str
        Names of the shapes whose spectra go in together; one empty name for a single spectrum.
    arrangement : Arrangement
        Where the structures stand; unspecified for a single spectrum.
    shape : tuple of int
        The network's own input shape; differs from ``input_shape`` by axes of length 1 only. Of
        several inputs, that of the first.
    parts : tuple of InputPart
        Of a network with several inputs, what each reads; else empty.
    """

    steps: int
    structures: tuple[str, ...]
    arrangement: Arrangement
    shape: tuple[int, ...]
    parts: tuple[InputPart, ...] = ()

    @property
    def image(self) -> bool:
        """Whether the structures are rows of an image instead of channels."""
        return self.arrangement is Arrangement.ROWS

    @property
    def concatenated(self) -> bool:
        """Whether the structures stand one after the other along the steps."""
        return self.arrangement is Arrangement.CONCATENATED

    @property
    def input_shape(self) -> tuple[int, ...]:
        """``(steps, channels)``; an image ``(structures, steps, 1)``; concatenated ``(all, 1)``."""
        count = len(self.structures)
        if self.image:
            return (count, self.steps, 1)
        return (count * self.steps, 1) if self.concatenated else (self.steps, count)

    def fits(self, other: Serving) -> bool:
        """Whether a network that was built for the other is served by this one as well."""
        mine = (self.shape, self.input_shape, self.parts)
        return mine == (other.shape, other.input_shape, other.parts)

    def to_network(self, inputs: Any) -> list[Any]:
        """Bring tensors of the input shape, batch axis first, into the network's own shapes."""
        if self.parts:
            return [part.cut(inputs) for part in self.parts]
        if self.shape == self.input_shape:
            return [inputs]
        from keras import ops

        return [ops.reshape(inputs, (-1, *self.shape))]

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
                    f"{'the subject' if spectra[0].subject else 'the file'} has {len(spectra)}."
                )
            return list(spectra[: len(self.structures)])
        known = {spectrum.name: spectrum for spectrum in spectra}
        known |= {spectrum.key: spectrum for spectrum in spectra if spectrum.key}
        known |= {spectrum.structure: spectrum for spectrum in spectra if spectrum.structure}
        missing = [structure for structure in self.structures if structure not in known]
        if missing:
            whose = "subject" if spectra[0].subject else "file"
            raise PreprocessingError(
                f"{name}: the model reads the structure '{missing[0]}', which the {whose} lacks."
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
        if self.concatenated:
            return values.reshape(-1, 1)
        return values[:, :, None] if self.image else np.ascontiguousarray(values.T)

    def place(self, positions: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Return the positions of the input's samples from those of each structure's."""
        return np.concatenate(positions) if self.concatenated else positions[0]

    @property
    def samples(self) -> int:
        """How many samples stand along the input's axis of steps."""
        return self.steps * (len(self.structures) if self.concatenated else 1)
