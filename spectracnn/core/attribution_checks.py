r"""How far an attribution is to be believed: three checks that need no further training.

*Completeness*: do the values add up to the change of the logit (of methods that promise it)?
*Agreement*: do other methods put the samples in the same order (Spearman's rank correlation)?
*Deletion and insertion* [1]_: if the most important samples are replaced by their baseline one
after the other, the class's probability should fall early; if they are put back into the baseline,
it should rise early; of a regression the value takes the place of the probability. The area under
each curve is compared with that of random orders.

References
----------
.. [1] V. Petsiuk, A. Das, K. Saenko (2018), RISE: randomized input sampling for explanation of
   black-box models, arXiv:1806.07421.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.attribution import Method


@dataclass(frozen=True, eq=False)
class AttributionChecks:
    """What the checks of one attribution came to.

    Parameters
    ----------
    method : Method
        Whose values were checked.
    target : int
        Which class.
    completeness_error : float or None
        As in the attribution; None of methods that promise nothing.
    agreement : dict of Method to float
        Rank correlation with each other method; NaN where one says the same of all samples.
    deletion, insertion : ndarray, shape (samples + 1,)
        The class's probability, or a regression's value, after 0, 1, 2, ... samples were taken
        away, or put back.
    random_deletion, random_insertion : ndarray, shape (orders,)
        Areas under the same curves for random orders.
    height : {'probability', 'value'}
        What the curves show.
    """

    method: Method
    target: int
    completeness_error: float | None
    agreement: dict[Method, float]
    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]
    random_deletion: NDArray[np.float64]
    random_insertion: NDArray[np.float64]
    height: str = "probability"

    @property
    def deletion_area(self) -> float:
        """Mean height of the deletion curve: the lower, the better the order."""
        return area(self.deletion)

    @property
    def insertion_area(self) -> float:
        """Mean height of the insertion curve: the higher, the better the order."""
        return area(self.insertion)

    def words(self) -> list[str]:
        """Return the checks as sentences for people."""
        lines = []
        if self.completeness_error is not None:
            lines.append(
                f"The values miss the logit's change by {100 * self.completeness_error:.2g} %."
            )
        known = {m: r for m, r in self.agreement.items() if np.isfinite(r)}
        if known:
            listed = ", ".join(f"{method} {value:.2f}" for method, value in known.items())
            lines.append(f"Rank correlation with other methods: {listed}.")
        lines.append(
            self._sentence("Taking away", "falls", self.deletion_area, self.random_deletion, -1)
        )
        lines.append(
            self._sentence("Putting back", "rises", self.insertion_area, self.random_insertion, 1)
        )
        return lines

    def _sentence(
        self, what: str, moves: str, own: float, random: NDArray[np.float64], sign: int
    ) -> str:
        mean = float(random.mean())
        beaten = int(np.count_nonzero(sign * (own - random) > 0))
        return (
            f"{what} the most important eigenvalues first: area {own:.2f} against {mean:.2f} in "
            f"random order; the {self.height} {moves} earlier than in {beaten} of {random.size}."
        )


def area(curve: NDArray[Any]) -> float:
    """Return the mean height of a curve over evenly spaced points, by the trapezoidal rule.

    Examples
    --------
    >>> area(np.array([1.0, 0.5, 0.0]))
    0.5
    """
    values = np.asarray(curve, np.float64)
    if values.size < 2:
        return float(values.mean())
    return float((values[1:] + values[:-1]).mean() / 2)


def importance(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return one number a step of the model's input: the sum over its channels, shape (steps,).

    Parameters
    ----------
    values : ndarray, shape (steps, channels) or (structures, steps, 1)
        An attribution's; of an image every sample is a step of its own.
    """
    array = np.asarray(values, np.float64)
    flat: NDArray[np.float64] = array.sum(axis=-1).ravel()
    return flat


def rank_correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return Spearman's rank correlation; NaN where one of the two is constant."""
    ranks = [_ranks(np.asarray(values, np.float64).ravel()) for values in (one, other)]
    first, second = (values - values.mean() for values in ranks)
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size else float("nan")


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks; equal values share their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = ((last - counts + 1 + last) / 2)[place]
    return ranks
