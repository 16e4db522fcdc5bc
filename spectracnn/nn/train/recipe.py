"""The numbers of varied spectra, of the teacher and of the ensemble, in frozen records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Augmentation:
    """How training spectra are varied. See `spectracnn.nn.train.augment`.

    Parameters
    ----------
    varied : int
        How many varied spectra are made.
    strangers : float
        Share whose partner is drawn from all classes instead of the own one.
    mixing : float
        Largest share of the partner's smooth part.
    distortion : float
        Standard deviation of each smooth curve that is added, in log eigenvalues.
    """

    varied: int = 6000
    strangers: float = 0.4
    mixing: float = 1.0
    distortion: float = 0.02


@dataclass(frozen=True)
class Teaching:
    """The kernel method whose answers the network learns. See `spectracnn.nn.train.teacher`.

    Parameters
    ----------
    spacings : float
        Weight of the spacing statistics beside the spectrum.
    narrowness : float
        Of the Gaussian kernel; 1 is scikit-learn's ``gamma="scale"``.
    ridge : float
        Of the regression.
    sharpness : float
        Factor of the scores before the softmax.
    truth : float
        Share of the true class in the target of an unvaried spectrum; the rest is the teacher's.
    repeats : int
        How often each unvaried spectrum stands among the varied ones.
    """

    spacings: float = 0.2
    narrowness: float = 10.0
    ridge: float = 0.03
    sharpness: float = 8.0
    truth: float = 0.3
    repeats: int = 8


@dataclass(frozen=True)
class Recipe:
    """The sizes of an ensemble.

    Several members are trained one after the other, from different first weights and on differently
    varied spectra, and merged into one network that averages them.

    Parameters
    ----------
    eigenvalues : int
        How many nonzero eigenvalues the network sees.
    members : int
        How many networks are averaged.
    filters, kernels, pools : tuple of int
        Of each convolution of a member: its filters, its width, and the pool behind it.
    windows : int
        Into how many windows the first layer's output is averaged for the dense output.
    dropout : float
        Before the dense output.
    """

    eigenvalues: int = 100
    members: int = 3
    filters: tuple[int, ...] = (10, 32)
    kernels: tuple[int, ...] = (5, 5)
    pools: tuple[int, ...] = (4, 3)
    windows: int = 4
    dropout: float = 0.1
