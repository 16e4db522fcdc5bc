"""Attributions against closed forms, finite differences and arithmetic by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spectracnn.core.attribution import Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.errors import AttributionError

BACKGROUNDS = np.random.default_rng(9).normal(size=(7, 12, 1)).astype(np.float32)


def square(keras: Any) -> Any:
    """Return a network of one logit ``(w x) ** 2`` and its w."""
    keras.utils.set_random_seed(6)
    start = keras.Input((12, 1))
    line = keras.layers.Dense(2, use_bias=False)(keras.layers.Flatten()(start))
    model = keras.Model(start, keras.layers.Multiply()([line, line]))
    return model, model.layers[2].get_weights()[0]


def smooth(keras: Any) -> Any:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((12, 1)),
            layers.Conv1D(4, 3, padding="same", activation="tanh"),
            layers.AveragePooling1D(2),
            layers.Conv1D(3, 3, activation="elu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def logit(model: Any, values: Any, target: int) -> float:
    """Return the logit by Keras itself, layer by layer, up to the final activation."""
    hidden = np.asarray(values, np.float32)[None]
    for layer in model.layers[:-1]:
        hidden = layer(hidden)
    kernel, bias = model.layers[-1].get_weights()
    return float((np.array(hidden) @ kernel + bias)[0, target])


# --- closed forms ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", [Method.GRADIENT_INPUT, Method.INTEGRATED_GRADIENTS, Method.SMOOTHGRAD]
)
def test_on_a_linear_network_a_sample_gives_its_weight_times_itself(
    method: Method, linear: Any, explain: Any, values: Any
) -> None:
    weights, bias, model = linear
    for target in range(3):
        found = explain(model, values, method, target)
        np.testing.assert_allclose(found.values, values * weights[:, target, None], rtol=1e-4)
        np.testing.assert_allclose(found.logits, values[:, 0] @ weights + bias, rtol=1e-4)
    if method is Method.INTEGRATED_GRADIENTS:
        assert found.completeness_error < 1e-5
        assert found.baseline_logit == pytest.approx(bias[2], rel=1e-4)
        assert found.points == 128
    else:
        assert found.completeness_error is None


def test_expected_gradients_on_a_linear_network(linear: Any, explain: Any, values: Any) -> None:
    weights, bias, model = linear
    found = explain(model, values, Method.EXPECTED_GRADIENTS, 1, backgrounds=BACKGROUNDS)
    expected = (values - BACKGROUNDS.mean(axis=0)) * weights[:, 1, None]
    np.testing.assert_allclose(found.values, expected, rtol=1e-3, atol=1e-5)
    mean = BACKGROUNDS[..., 0].mean(axis=0) @ weights[:, 1] + bias[1]
    assert found.baseline_logit == pytest.approx(mean, rel=1e-4)
    assert found.completeness_error < 1e-4
    assert found.points == 133  # 128 would not be the same for each of 7


@pytest.mark.parametrize("window", [1, 4, 30])
def test_occlusion_on_a_linear_network(window: int, linear: Any, explain: Any, values: Any) -> None:
    weights, _, model = linear
    parts = values[:, 0] * weights[:, 2]
    width = min(window, 12)
    expected = np.zeros(12)
    for sample in range(12):
        starts = [s for s in range(12 - width + 1) if s <= sample < s + width]
        expected[sample] = np.mean([parts[s : s + width].sum() / width for s in starts])
    found = explain(model, values, Method.OCCLUSION, 2, window=window)
    np.testing.assert_allclose(found.values[:, 0], expected, rtol=1e-3, atol=1e-5)


def test_on_a_square_the_gradient_says_twice_what_the_way_says(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    made, weights = square(keras)
    model = opened(made)
    line = float(values[:, 0] @ weights[:, 0])
    once = values[:, 0] * weights[:, 0] * line
    gradient = explain(model, values, Method.GRADIENT_INPUT, 0)
    np.testing.assert_allclose(gradient.values[:, 0], 2 * once, rtol=1e-3, atol=1e-5)
    integrated = explain(model, values, Method.INTEGRATED_GRADIENTS, 0)
    np.testing.assert_allclose(integrated.values[:, 0], once, rtol=1e-3, atol=1e-5)
    assert integrated.baseline_logit == 0
    starts = BACKGROUNDS[..., 0]
    by_hand = (values[:, 0] - starts) * weights[:, 0] * (line + starts @ weights[:, [0]])
    expected = explain(
        model, values, Method.EXPECTED_GRADIENTS, 0, backgrounds=BACKGROUNDS, steps=2000
    )
    np.testing.assert_allclose(
        expected.values[:, 0], by_hand.mean(axis=0), atol=0.01 * np.abs(by_hand).max()
    )
    assert expected.completeness_error < 0.01


# --- finite differences ----------------------------------------------------------------------


def test_gradients_are_finite_differences(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    made = smooth(keras)
    model = opened(made)
    step = 0.02
    for target in (0, 2):
        differences = []
        for sample in range(12):
            move = np.zeros_like(values)
            move[sample] = step
            differences.append(
                (logit(made, values + move, target) - logit(made, values - move, target))
                / (2 * step)
            )
        found = explain(model, values, Method.GRADIENT_INPUT, target)
        expected = values[:, 0] * differences
        np.testing.assert_allclose(found.values[:, 0], expected, atol=0.01 * np.abs(expected).max())
        assert found.logits[target] == pytest.approx(logit(made, values, target), rel=1e-4)


def test_integrated_gradients_add_up_and_refine_where_they_do_not(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    made = smooth(keras)
    model = opened(made)
    rough = explain(model, values, Method.INTEGRATED_GRADIENTS, 0, steps=1)
    assert rough.points in (1, 3, 9, 27)
    for target in range(3):
        found = explain(model, values, Method.INTEGRATED_GRADIENTS, target)
        change = logit(made, values, target) - logit(made, 0 * values, target)
        assert found.values.sum() == pytest.approx(change, rel=1e-2)
        assert found.completeness_error < 1e-2


def test_smoothgrad_averages_gradients_of_noisy_copies_and_repeats_itself(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    """On a square the mean gradient is that at the mean of the copies."""
    made, weights = square(keras)
    model = opened(made)
    found = explain(model, values, Method.SMOOTHGRAD, 0, noise=0.2, samples=100, seed=3)
    noise = np.random.default_rng(3)
    deviation = 0.2 * np.ptp(values)
    copies = np.concatenate([noise.normal(0, deviation, (count, 12)) for count in (64, 36)]).mean(
        axis=0
    )
    line = float((values[:, 0] + copies) @ weights[:, 0])
    np.testing.assert_allclose(
        found.values[:, 0], values[:, 0] * 2 * weights[:, 0] * line, rtol=1e-3, atol=1e-4
    )
    again = explain(model, values, Method.SMOOTHGRAD, 0, noise=0.2, samples=100, seed=3)
    np.testing.assert_array_equal(found.values, again.values)
    other = explain(model, values, Method.SMOOTHGRAD, 0, noise=0.2, samples=100, seed=4)
    assert not np.array_equal(found.values, other.values)


# --- Grad-CAM --------------------------------------------------------------------------------


def test_grad_cam_by_hand(keras: Any, opened: Any, explain: Any, values: Any) -> None:
    keras.utils.set_random_seed(2)
    layers = keras.layers
    made = keras.Sequential(
        [
            keras.Input((12, 1)),
            layers.Conv1D(2, 3, activation="relu", name="conv"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    (kernel, bias), (dense, _) = made.layers[0].get_weights(), made.layers[2].get_weights()
    maps = np.zeros((10, 2))
    for step in range(10):
        maps[step] = np.maximum(0, values[step : step + 3, 0] @ kernel[:, 0] + bias)
    model = opened(made)
    for target in range(3):
        gradient = dense[:, target].reshape(10, 2)
        plain = np.maximum(0, maps @ gradient.mean(axis=0))
        signed = (maps * gradient).sum(axis=1)
        for method, steps in ((Method.GRAD_CAM, plain), (Method.GRAD_CAM_SIGNED, signed)):
            found = explain(model, values, method, target)
            # A field of three samples: its centre is one to the right of its first.
            expected = np.concatenate([steps[:1], steps, steps[-1:]])
            np.testing.assert_allclose(found.values[:, 0], expected, rtol=1e-3, atol=1e-5)
            assert found.layer == 0
            assert found.completeness_error is None


def test_grad_cam_of_a_strided_layer_is_interpolated_between_its_centres(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    keras.utils.set_random_seed(2)
    layers = keras.layers
    made = keras.Sequential(
        [
            keras.Input((12, 1)),
            layers.Conv1D(2, 4, strides=4, name="coarse"),
            layers.Conv1D(2, 1, name="last"),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )
    model = opened(made)
    coarse = explain(model, values, Method.GRAD_CAM_SIGNED, 0, layer=0).values[:, 0]
    # Centres 1.5, 5.5, 9.5; in between a quarter of the difference a sample.
    steps = np.diff(coarse[2:6])
    np.testing.assert_allclose(steps, steps[0], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(coarse[:2], coarse[0], rtol=1e-5)
    assert explain(model, values, Method.GRAD_CAM).layer == 1


def test_grad_cam_says_which_layers_it_can_look_at(
    linear: Any, keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    with pytest.raises(AttributionError, match="the model has none"):
        explain(linear[2], values, Method.GRAD_CAM)
    model = opened(smooth(keras))
    first, second = (model.description.layers[place].name for place in (0, 2))
    with pytest.raises(AttributionError, match=rf"it can at 0 \({first}\), 2 \({second}\)"):
        explain(model, values, Method.GRAD_CAM, layer=1)
    with pytest.raises(AttributionError, match="layer 9"):
        explain(model, values, Method.GRAD_CAM, layer=9)


# --- what all share --------------------------------------------------------------------------


def test_the_predicted_class_is_explained_unless_one_is_named(
    linear: Any, explain: Any, values: Any
) -> None:
    weights, bias, model = linear
    best = int(np.argmax(values[:, 0] @ weights + bias))
    assert explain(model, values, Method.GRADIENT_INPUT).target == best
    for wrong in (-1, 3):
        with pytest.raises(AttributionError, match=f"no class {wrong}; its classes are 0 to 2"):
            explain(model, values, Method.GRADIENT_INPUT, wrong)


def test_expected_gradients_without_baselines_are_refused(
    linear: Any, explain: Any, values: Any
) -> None:
    with pytest.raises(AttributionError, match="baselines"):
        explain(linear[2], values, Method.EXPECTED_GRADIENTS)


def test_muted_channels_drive_nothing(keras: Any, opened: Any, explain: Any, values: Any) -> None:
    model = opened(smooth(keras))
    everything = tuple((0, channel) for channel in range(4))
    for method in (Method.GRADIENT_INPUT, Method.INTEGRATED_GRADIENTS, Method.OCCLUSION):
        assert np.abs(explain(model, values, method, 0).values).max() > 1e-3
        silent = explain(model, values, method, 0, muted=everything)
        np.testing.assert_allclose(silent.values, 0, atol=1e-6)


def test_samples_that_the_network_does_not_read_drive_nothing(
    keras: Any, opened: Any, explain: Any, values: Any
) -> None:
    layers = keras.layers
    made = keras.Sequential(
        [keras.Input((12, 1)), layers.Cropping1D((0, 11)), layers.Flatten(), layers.Dense(2)]
    )
    weight = float(made.layers[-1].get_weights()[0][0, 1])
    model = opened(made)
    for method in (Method.GRADIENT_INPUT, Method.INTEGRATED_GRADIENTS):
        found = explain(model, values, method, 1).values[:, 0]
        assert found[0] == pytest.approx(weight * values[0, 0], rel=1e-4)
        assert not found[1:].any()


def test_every_method_is_told_in_words() -> None:
    assert list(METHODS) == list(Method)
    for info in METHODS.values():
        assert info.title
        assert info.summary.endswith(".")
        assert "=" in info.formula
        assert "20" in info.source
