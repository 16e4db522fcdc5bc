"""Everything that decides a training run, in one frozen record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Augmentation:
    """How a training spectrum is varied. See `spectracnn.nn.train.augment`.

    Parameters
    ----------
    mixing : float
        Largest share of another spectrum of the same class.
    transfer : float
        Standard deviation of the multiple of a difference within some class that is added.
    distortion : float
        Standard deviation of each smooth curve that is added, in log eigenvalues.
    noise : float
        Largest mean standard deviation of the white noise, in log eigenvalues; within a spectrum
        it grows threefold from the first to the last eigenvalue, as the error of a mesh does.
    mixup : float
        Largest share of a spectrum of any class, its label taken along.
    """

    mixing: float = 0.2
    transfer: float = 0.0
    distortion: float = 0.02
    noise: float = 0.01
    mixup: float = 0.2


@dataclass(frozen=True)
class Recipe:
    """The network and how it is trained.

    Several members are trained one after the other, from different first weights, and merged into
    one network that averages them.

    Parameters
    ----------
    eigenvalues : int
        How many nonzero eigenvalues the network sees.
    members : int
        How many networks are averaged.
    filters, kernels, pools : tuple of int
        Of each convolution of a member: its filters, its width, and the pool behind it.
    dropout : float
        Before the dense output.
    epochs : int
        Passes over as many spectra as there are; each time augmented anew.
    batch : int
        Spectra a step.
    learning_rate, weight_decay, label_smoothing : float
        Of AdamW, whose rate falls as a cosine, and of the cross-entropy.
    averaging : float
        Decay of the exponential moving average of the weights, which is what is kept.
    augmentation : Augmentation
        How spectra are varied.
    """

    eigenvalues: int = 100
    members: int = 3
    filters: tuple[int, ...] = (10, 32, 48)
    kernels: tuple[int, ...] = (7, 5, 3)
    pools: tuple[int, ...] = (2, 2, 2)
    dropout: float = 0.6
    epochs: int = 160
    batch: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    averaging: float = 0.995
    augmentation: Augmentation = field(default_factory=Augmentation)

    def steps(self, n_spectra: int) -> int:
        """Return how many steps the whole training takes."""
        return self.members * self.steps_of_member(n_spectra)

    def steps_of_member(self, n_spectra: int) -> int:
        """Return how many steps the training of one member takes."""
        return max(1, round(self.epochs * n_spectra / self.batch))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, for the card."""
        return asdict(self)
