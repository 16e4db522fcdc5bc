import numpy as np
import pytest

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled
from spectracnn.nn.learn_filter import learn_filter, made_steps


def test_the_filter_becomes_a_difference_and_the_loss_falls():
    history = learn_filter(epochs=30, seed=0)
    assert history.filters.shape == (31, 5)
    assert history.losses[-1] < 0.25 * history.losses[0]
    assert history.accuracies[-1] > 0.95
    assert history.first_half is not None
    last = history.filters[-1]
    assert np.sign(last[0]) != np.sign(last[-1])


def test_it_is_reproducible_and_half_of_the_steps_go_up():
    one, other = learn_filter(2, seed=3), learn_filter(2, seed=3)
    np.testing.assert_allclose(one.filters, other.filters, rtol=1e-6)
    rows, upwards = made_steps(64, 1)
    assert rows.shape == (64, 24, 1)
    assert upwards.mean() == 0.5
    assert ((rows[:, -1, 0] > rows[:, 0, 0]) == upwards.astype(bool)).all()


def test_it_ends_between_two_epochs_when_nobody_wants_it():
    seen = []

    def stop_in_the_third(done, _total, _message):
        seen.append(done)
        if done == 2:
            progress.cancel()

    progress = Progress(stop_in_the_third)
    with pytest.raises(OperationCancelled):
        learn_filter(40, progress=progress)
    assert seen == [0, 1, 2]
