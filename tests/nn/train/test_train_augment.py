import numpy as np
import pytest
import tensorflow as tf

from spectracnn.nn.train.augment import Source, augmented, noise_profile, smooth_curves
from spectracnn.nn.train.recipe import Augmentation

NONE = Augmentation(mixing=0.0, transfer=0.0, distortion=0.0, noise=0.0, mixup=0.0)
LABELS = np.array([2, 0, 1, 0, 2, 2, 1])
STEPS = 12


def filled(inputs=None, unit=1.0):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(len(LABELS), STEPS)) if inputs is None else inputs
    inputs = inputs - inputs.mean(axis=1, keepdims=True)
    source = Source.empty(len(LABELS), STEPS, 3)
    source.fill(inputs, LABELS, unit)
    return source, inputs.astype(np.float32)


def drawn(how, source, size=200, seed=0):
    inputs, targets = augmented(source, how, tf.random.Generator.from_seed(seed), size)
    return inputs.numpy()[..., 0], targets.numpy()


def test_source_sorts_by_class():
    source, inputs = filled()
    assert source.labels.numpy().tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert source.first.numpy().tolist() == [0, 2, 4]
    assert source.count.numpy().tolist() == [2, 2, 3]
    np.testing.assert_array_equal(source.inputs.numpy()[0], inputs[1])


def test_sibling_is_any_of_the_same_class_and_no_other():
    source, _ = filled()
    rows = tf.constant([0, 2, 4] * 60)
    siblings = source.sibling(tf.random.Generator.from_seed(1), rows).numpy()
    for row, members in {0: {0, 1}, 2: {2, 3}, 4: {4, 5, 6}}.items():
        assert set(siblings[rows.numpy() == row]) == members


def test_without_variation_spectra_stay_as_they_are():
    source, inputs = filled()
    varied, targets = drawn(NONE, source)
    for row, target in zip(varied, targets, strict=True):
        match = np.flatnonzero((inputs == row).all(axis=1))
        assert match.size == 1
        assert LABELS[match[0]] == target.argmax()
        assert target.max() == 1


@pytest.mark.parametrize("kind", ["mixing", "transfer", "distortion", "noise", "mixup"])
def test_each_variation_keeps_the_mean_zero_and_the_shares_one(kind):
    source, inputs = filled()
    how = Augmentation(**{**vars(NONE), kind: 0.4})
    varied, targets = drawn(how, source)
    assert not any((inputs == varied[0]).all(axis=1))
    np.testing.assert_allclose(varied.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)
    assert (targets >= 0).all()


def test_mixing_stays_on_the_line_between_two_of_a_class():
    inputs = np.zeros((len(LABELS), STEPS))
    inputs[LABELS == 0] = np.outer([1, 3], np.linspace(-1, 1, STEPS))
    source, _ = filled(inputs)
    varied, targets = drawn(Augmentation(**{**vars(NONE), "mixing": 0.5}), source)
    ends = varied[targets[:, 0] == 1][:, -1]
    assert ends.min() >= 1 - 1e-6
    assert ends.max() <= 3 + 1e-6
    assert len(np.unique(ends)) > 10
    assert not varied[targets[:, 0] == 0].any()


def test_mixup_takes_the_label_along():
    inputs = np.outer(LABELS, np.linspace(-1, 1, STEPS))
    source, _ = filled(inputs)
    varied, targets = drawn(Augmentation(**{**vars(NONE), "mixup": 0.3}), source)
    np.testing.assert_allclose(varied[:, -1], targets @ [0, 1, 2], atol=1e-5)
    assert targets.max(axis=1).min() >= 0.7 - 1e-6


def test_noise_follows_its_profile_and_unit():
    source, _ = filled(np.zeros((len(LABELS), STEPS)), unit=10.0)
    varied, _ = drawn(Augmentation(**{**vars(NONE), "noise": 0.1}), source, size=20_000)
    # The amplitude is uniform on (0, 0.1 * unit): its mean square is a third.
    profile = noise_profile(STEPS)
    variance = profile**2 * (1 - 2 / STEPS) + (profile**2).sum() / STEPS**2
    np.testing.assert_allclose(varied.std(axis=0), np.sqrt(variance / 3), rtol=0.05)


@pytest.mark.parametrize("n", [2, 50, 100])
def test_smooth_curves_have_no_mean_and_few_turns(n):
    curves = smooth_curves(n)
    assert curves.shape[1] == n
    np.testing.assert_allclose(curves.mean(axis=1), 0, atol=1e-6)
    turns = (np.diff(np.sign(np.diff(curves, axis=1)), axis=1) != 0).sum(axis=1)
    assert turns.max(initial=0) <= 3
