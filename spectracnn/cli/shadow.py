"""Linear shadows: logistic regression and a support vector machine beside the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.cli.confounds import Layers
    from spectracnn.stats.probe import Target

_MOST_LISTED = 200


def shadow(
    layers: Layers, label: Target, classes: Sequence[str], seed: int
) -> dict[str, Any] | None:
    """Compare the network with linear models on the same input, in the same folds.

    A network whose classes are the labels is taken at its word (it was trained elsewhere, perhaps
    on these very spectra); of another, a logistic regression reads the last hidden layer.

    Parameters
    ----------
    layers : Layers
        What the network computed.
    label : Target
        Classes; None is returned for numbers.
    classes : sequence of str
        The network's.
    seed : int
        Of the folds.
    """
    from spectracnn.stats.probe import compressed, cross_predicted

    if not label.classes:
        return None
    flat = layers.inputs.reshape(len(layers.items), -1)
    linear = cross_predicted(flat, label, layers.rows, seed, "logistic")
    machine = cross_predicted(flat, label, layers.rows, seed, "svm")
    lower = [name.casefold() for name in classes]
    own = [
        lower.index(name.casefold()) if name.casefold() in lower else -1 for name in label.classes
    ]
    if min(own) >= 0:
        how = "its own classes"
        back = np.full(len(lower), -1)
        back[own] = np.arange(len(own))
        network = back[np.argmax(layers.answer, axis=1)]
    else:
        hidden = list(layers.outputs)[max(len(layers.outputs) - 2, 0)]
        how = f"logistic regression on its layer {hidden}"
        values = compressed(layers.outputs[hidden])
        network = cross_predicted(values, label, layers.rows, seed, "logistic")
    found = {
        "network": _accuracy(network, label),
        "logistic": _accuracy(linear, label),
        "svm": _accuracy(machine, label),
    }
    differing = np.flatnonzero(network != linear)
    listed = differing[:_MOST_LISTED].tolist()
    return {
        "network_by": how,
        "accuracy": found,
        "disagree": len(differing),
        "spectra": [_listed(layers, label, place, network, linear) for place in listed],
        "sentence": (
            f"Accuracy for {label.name}: network ({how}) {found['network']:.3f}, logistic "
            f"regression {found['logistic']:.3f}, support vector machine {found['svm']:.3f}; "
            f"network and logistic regression disagree on {len(differing):,} of {len(linear):,}."
        ),
    }


def _accuracy(found: np.ndarray, label: Target) -> float:
    return float(np.mean(found == label.values))


def _listed(
    layers: Layers, label: Target, place: int, network: np.ndarray, linear: np.ndarray
) -> dict[str, Any]:
    item = layers.items[place]
    names = (*label.classes, None)  # of a class that is no label, the last
    return {
        "file": item.file,
        "name": item.spectrum.name,
        "label": names[label.values[place]],
        "network": names[network[place]],
        "logistic": names[linear[place]],
    }
