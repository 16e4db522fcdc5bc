from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss

from spectracnn.core.calibration import softmax_at
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model
from spectracnn.view.reliability import reliability_picture, reliability_words


@pytest.fixture(scope="module")
def model():
    return open_model(default_model()).description


def test_the_temperature_makes_the_out_of_fold_data_more_likely(model):
    reference, truth = model.reference, model.reference.truth
    own = log_loss(truth, softmax_at(reference.outputs, 1.0), labels=range(20))
    better = log_loss(
        truth, softmax_at(reference.outputs, model.card.temperature), labels=range(20)
    )
    assert better <= own


def test_the_picture_and_its_words(model):
    picture = reliability_picture(model)
    assert picture.count == 300
    assert picture.calibrated.count.sum() == 300
    assert (np.abs(picture.calibrated.accuracy) <= 1).all()
    assert "300 spectra, out of fold" in reliability_words(picture)


def test_no_reference_no_picture(model):
    assert reliability_picture(replace(model, reference=None)) is None
