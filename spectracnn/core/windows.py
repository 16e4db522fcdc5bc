"""How a layer slides along its input: kernel size, stride, dilation and padding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """How a layer slides along its input.

    Parameters
    ----------
    kernel_size, strides, dilation : int
        As in Keras.
    padding : str
        ``valid``, ``same`` or ``causal``.
    """

    kernel_size: int
    strides: int = 1
    dilation: int = 1
    padding: str = "valid"

    @property
    def span(self) -> int:
        """Number of input steps from the first to the last that the kernel touches."""
        return (self.kernel_size - 1) * self.dilation + 1

    def first_tap(self, steps_in: int, steps_out: int) -> int:
        """Return the input step under the kernel's first weight at output step 0.

        ``same`` follows TensorFlow: the total padding that makes ``ceil(n / stride)`` outputs,
        the odd sample of it at the end.
        """
        if self.padding == "causal":
            return -(self.span - 1)
        if self.padding == "same":
            total = max((steps_out - 1) * self.strides + self.span - steps_in, 0)
            return -(total // 2)
        return 0

    def taps(self, step: int, steps_in: int, steps_out: int) -> NDArray[np.int64]:
        """Return the input steps under the kernel at an output step, shape (kernel_size,).

        Those outside ``0 .. steps_in - 1`` are padding.
        """
        first = self.first_tap(steps_in, steps_out) + step * self.strides
        return first + self.dilation * np.arange(self.kernel_size, dtype=np.int64)
