"""What an attribution looks like: along the index axis, as a ranked table, and in one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.attribution import Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.core.weak_cache import weak_cache
from spectracnn.view.attribution_picture import AttributionPicture, Ranked
from spectracnn.view.joined import is_joined, sample_name
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.reading import Reading
    from spectracnn.core.trace import ModelDescription
    from spectracnn.view.contents import Contents

_RAISED = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)
# They say the same of all channels of a step: adding these up would count it several times.
_SAME_IN_ALL_CHANNELS = (Method.GRAD_CAM, Method.GRAD_CAM_SIGNED)


@weak_cache(8)
def attribution_picture(
    description: ModelDescription, attribution: Attribution
) -> AttributionPicture:
    """Return what to draw; the identical object for the same arguments.

    Parameters
    ----------
    description : ModelDescription
        The model.
    attribution : Attribution
        Its answer.
    """
    same = attribution.method in _SAME_IN_ALL_CHANNELS
    values = _along_index(attribution.values, mean=same)
    inputs = _along_index(attribution.input, mean=True)
    at = frozen_array(input_positions(attribution.positions), np.float64)
    sizes = np.abs(values[np.isfinite(values)])
    total = float(sizes.sum()) or 1.0
    order = np.argsort(-np.abs(values), kind="stable")
    ranked = tuple(
        Ranked(
            int(step),
            int(attribution.positions[step]),
            int(at[step]),
            float(inputs[step]),
            float(values[step]),
            float(abs(values[step]) / total),
            sample_name(description, attribution.positions, int(step))
            if is_joined(description)
            else "",
        )
        for step in order
    )
    image = _image(attribution.values, mean=same)
    cells = np.zeros(0) if image is None else np.abs(image[np.isfinite(image)])
    title, target = _title(description, attribution), description.classes[attribution.target]
    reading = description.reading
    return AttributionPicture(
        title=title,
        caption=f"{title}: {_explanation(attribution.method, target, reading)}",
        target=target,
        at=at,
        values=values,
        inputs=inputs,
        top=float(sizes.max(initial=0.0)) or 1.0,
        ranked=ranked,
        logit=float(attribution.logits[attribution.target]),
        completeness=completeness(attribution, "value" if reading.is_values else "logit"),
        image=image,
        row_names=() if image is None else _row_names(description, image.shape[0]),
        image_top=float(cells.max(initial=0.0)) or 1.0,
        of_value=reading.is_values,
        unit=reading.unit,
    )


def _title(description: ModelDescription, attribution: Attribution) -> str:
    title = METHODS[attribution.method].title
    layer = attribution.layer
    return title if layer is None else f"{title} at {description.layers[layer].name}"


def _explanation(method: Method, target: str, reading: Reading) -> str:
    one_sided = method is Method.GRAD_CAM
    if reading.is_values:
        unit = f", in {reading.unit}" if reading.unit else ""
        if one_sided:
            return f"what raises {target}{unit}; what lowers it is left out"
        return f"what raises {target} (up) and lowers it (down){unit}"
    if one_sided:
        return f"what speaks for {target}, in logits; what speaks against it is left out"
    return f"what speaks for {target} (up) and against it (down), in logits"


def _along_index(values: NDArray[np.float32], *, mean: bool) -> NDArray[np.float64]:
    """Add up, or average, what is not the index axis: channels, or rows of structures."""
    others = {1: (), 2: (1,), 3: (0, 2)}[values.ndim]
    along = np.mean if mean else np.sum
    return frozen_array(along(values, axis=others, dtype=np.float64), np.float64)


def _image(values: NDArray[np.float32], *, mean: bool) -> NDArray[np.float64] | None:
    """Return rows by steps of a network that reads an image; None for any other."""
    if values.ndim != 3 or values.shape[0] < 2:
        return None
    along = np.mean if mean else np.sum
    return frozen_array(along(values, axis=2, dtype=np.float64), np.float64)


def _row_names(description: ModelDescription, rows: int) -> tuple[str, ...]:
    names = description.structures
    if len(names) == rows and any(names):
        return tuple(names)
    return tuple(f"row {row}" for row in range(rows))


_LEAST_POWER = -300
"""Of ten; what is smaller than any double would divide by 0."""


def column_texts(picture: AttributionPicture) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the ranked table as it is read: short numbers whose decimal points stand in line.

    Returns
    -------
    tuple of str
        Headings. A power of a thousand that all attributions share stands there.
    list of tuple of str
        One a row.
    """
    power = 0 if 0.1 <= picture.top < 1000 else 3 * math.floor(math.log10(picture.top) / 3)
    power = max(power, _LEAST_POWER)
    largest = float(np.abs(picture.inputs[np.isfinite(picture.inputs)]).max(initial=0.0))
    of_input = ".2f" if 0.1 <= largest < 100 else ".3g"
    score = "value" if picture.of_value else "logit"
    unit = f"10{str(power).translate(_RAISED)} {score}" if power else score
    rows = []
    for rank, item in enumerate(picture.ranked, 1):
        numbers = (
            f"{item.input:{of_input}}",
            f"{item.attribution / 10.0**power:+.2f}",
            f"{100 * item.share:.1f}",
        )
        rows.append(
            (str(rank), item.label or str(item.index), *(n.replace("-", "\u2212") for n in numbers))
        )
    return ("#", "index", "input", unit, "%"), rows


def headline(contents: Contents, *, busy: bool) -> str:
    """Return logit and probability of the class, or the value, in one line; or why there is none.

    Parameters
    ----------
    contents : Contents
        What is shown.
    asked : bool
        Whether an attribution is on its way.
    """
    picture, prediction = contents.attribution, contents.prediction
    if picture is None:
        if not prediction.classes:
            return prediction.detail
        return "Computing \u2026" if busy else "Not computed yet."
    if picture.of_value:
        value = f"{picture.logit:.4g} {picture.unit}".rstrip().replace("-", "\u2212")
        return f"{picture.target}: {value}"
    share = dict(zip(prediction.classes, prediction.probabilities.tolist(), strict=True)).get(
        picture.target
    )
    number = f"{picture.logit:.3g}".replace("-", "\u2212")
    logit = f"{picture.target}: logit {number}"
    return logit if share is None else f"{logit}, probability {100 * share:.1f} %"


def completeness(attribution: Attribution, score: str = "logit") -> str:
    """Return in one sentence how well the values add up to what the logit, or value, gained."""
    if attribution.completeness_error is None or attribution.baseline_logit is None:
        return ""
    gained = float(attribution.logits[attribution.target]) - attribution.baseline_logit
    total = float(attribution.values.sum(dtype=np.float64))
    error = attribution.completeness_error
    hint = " More steps bring them closer." if 0.01 < error < np.inf else ""
    error_text = (
        f"{100 * error:.2g} %" if np.isfinite(error) else f"not defined: the {score} did not change"
    )
    return (
        f"The values add up to {_signed(total)}; from the baseline the {score} changes by "
        f"{_signed(gained)} (error {error_text}).{hint}"
    )


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\u2212")
