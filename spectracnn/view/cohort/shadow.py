"""Linear shadows: logistic regression and a support vector machine beside the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.stats.probe import ProbeTarget
    from spectracnn.view.cohort.layers import Layers

_MOST_LISTED = 200


@dataclass(frozen=True, eq=False)
class Shadow:
    """What network and linear models say of n spectra: codes of the label's classes.

    Parameters
    ----------
    label : ProbeTarget
        The truth.
    network_by : str
        How the network's answer is read.
    network, logistic, svm : ndarray, shape (n,), int64
        -1 for a class of the network that is no label.
    """

    label: ProbeTarget
    network_by: str
    network: NDArray[np.int64]
    logistic: NDArray[np.int64]
    svm: NDArray[np.int64]

    @property
    def accuracy(self) -> dict[str, float]:
        """Share that each is right about."""
        return {
            name: float(np.mean(getattr(self, name) == self.label.values))
            for name in ("network", "logistic", "svm")
        }

    @property
    def differing(self) -> NDArray[np.int64]:
        """Where network and logistic regression disagree."""
        return np.flatnonzero(self.network != self.logistic)

    @property
    def sentence(self) -> str:
        """All of it for a person."""
        found = self.accuracy
        return (
            f"Accuracy for {self.label.name}: network ({self.network_by}) "
            f"{found['network']:.3f}, logistic regression {found['logistic']:.3f}, support vector "
            f"machine {found['svm']:.3f}; network and logistic regression disagree on "
            f"{len(self.differing):,} of {len(self.network):,}."
        )

    def name(self, code: int) -> str | None:
        """Return a class by its code; None for what is no label."""
        return self.label.classes[code] if code >= 0 else None

    def record(self, names: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return plain values; of the spectra that differ the first, by file and name."""
        return {
            "network_by": self.network_by,
            "accuracy": self.accuracy,
            "disagree": len(self.differing),
            "spectra": [
                {
                    "file": names[place][0],
                    "name": names[place][1],
                    "label": self.name(int(self.label.values[place])),
                    "network": self.name(int(self.network[place])),
                    "logistic": self.name(int(self.logistic[place])),
                }
                for place in self.differing[:_MOST_LISTED].tolist()
            ],
            "sentence": self.sentence,
        }


def shadow(layers: Layers, label: ProbeTarget, classes: Sequence[str], seed: int) -> Shadow | None:
    """Compare the network with linear models on the same input, in the same folds.

    A network whose classes are the labels is believed as it is (it was trained elsewhere, perhaps
    on these very spectra); of another, a logistic regression reads the last hidden layer.

    Parameters
    ----------
    layers : Layers
        What the network computed.
    label : ProbeTarget
        Classes; None is returned for numbers.
    classes : sequence of str
        The network's.
    seed : int
        Of the folds.
    """
    from spectracnn.stats.probe import compressed, cross_predicted

    if not label.classes:
        return None
    flat = layers.inputs.reshape(len(layers.units), -1)
    linear = cross_predicted(flat, label, layers.units, seed, "logistic")
    machine = cross_predicted(flat, label, layers.units, seed, "svm")
    lower = [name.casefold() for name in classes]
    own = [
        lower.index(name.casefold()) if name.casefold() in lower else -1 for name in label.classes
    ]
    if min(own) >= 0 and layers.answer.shape[1] == len(lower):
        how = "its own classes"
        back = np.full(len(lower), -1, np.int64)
        back[own] = np.arange(len(own))
        network = back[np.argmax(layers.answer, axis=1)]
    else:
        hidden = list(layers.outputs)[max(len(layers.outputs) - 2, 0)]
        how = f"logistic regression on its layer {hidden}"
        values = compressed(layers.outputs[hidden])
        network = cross_predicted(values, label, layers.units, seed, "logistic")
    return Shadow(label, how, network, linear, machine)
