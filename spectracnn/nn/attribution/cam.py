"""Where on the input the feature maps that a class uses are active: Grad-CAM in one dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.attribution_methods import cam_layers
from spectracnn.errors import AttributionError
from spectracnn.nn.attribution.method import MethodInput, MethodResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription


def grad_cam(question: MethodInput) -> MethodResult:
    """Return Grad-CAM: feature maps weighted by their mean gradients, summed, without negatives.

    References
    ----------
    .. [1] Selvaraju et al. (2017), Grad-CAM: Visual Explanations from Deep Networks via
       Gradient-based Localization, arXiv:1610.02391.
    """
    layer = _layer(question)
    output, gradient = _at(question, layer)
    weights = gradient.mean(axis=tuple(range(gradient.ndim - 1)))
    return _answer(question, layer, np.maximum(output @ weights, 0))


def grad_cam_signed(question: MethodInput) -> MethodResult:
    """Return feature maps times their gradients, summed: no averaging, no ReLU.

    References
    ----------
    .. [1] Shi (2023).
    .. [2] Draelos and Carin (2020), Use HiResCAM instead of Grad-CAM for faithful explanations of
       convolutional neural networks, arXiv:2011.08891.
    """
    layer = _layer(question)
    output, gradient = _at(question, layer)
    return _answer(question, layer, (output * gradient).sum(axis=-1))


def on_input(
    description: ModelDescription, layer: int, steps: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw a value a step of a layer onto the samples of the model's input.

    Parameters
    ----------
    description : ModelDescription
        Of the network.
    layer : int
        Which layer.
    steps : ndarray, shape (layer's steps,), of an image (rows, columns)
        Its values.

    Returns
    -------
    ndarray, shape (*input_shape)
        Each value stands at the centre of its step's receptive field; between them it is
        interpolated linearly, and before the first and after the last it stays the same. Of an
        image the centres are those of as many equal parts of each side.
    """
    shape = description.input_shape
    field = description.layers[layer].field
    if steps.ndim == 1 and field is not None:
        drawn = np.interp(np.arange(shape[0]), field.centres, steps)
        return np.repeat(drawn[:, None], shape[1], axis=1)
    for axis in (0, 1):
        steps = np.apply_along_axis(_stretched, axis, steps, shape[axis])
    return steps[..., None]


def _stretched(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    centres = (np.arange(len(values)) + 0.5) * count / len(values) - 0.5
    return np.interp(np.arange(count), centres, values)


def _layer(question: MethodInput) -> int:
    """Return the convolution to look at."""
    description = question.scores.description
    known = cam_layers(description)
    if not known:
        raise AttributionError(
            "Grad-CAM needs a convolution whose steps lie along the spectrum; the model has none.",
            "Other methods need none.",
        )
    layer = question.options.layer
    if layer is None:
        return known[-1]
    if layer not in known:
        layers = description.layers
        name = f"'{layers[layer].name}'" if 0 <= layer < len(layers) else str(layer)
        listed = ", ".join(f"{index} ({layers[index].name})" for index in known)
        raise AttributionError(f"Grad-CAM cannot look at layer {name}; it can at {listed}.")
    return layer


def _at(question: MethodInput, layer: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    output, gradient = question.scores.at_layer(
        layer, question.values, question.target, question.kept
    )
    return output.astype(np.float64), gradient.astype(np.float64)


def _answer(question: MethodInput, layer: int, steps: NDArray[np.float64]) -> MethodResult:
    return MethodResult(on_input(question.scores.description, layer, steps), layer=layer)
