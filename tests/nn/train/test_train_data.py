import h5py
import numpy as np
import pytest

from spectracnn.errors import FileFormatError, PreprocessingError
from spectracnn.nn.train.data import read_training_data
from spectracnn.nn.train.preparing import fitted_standardise, scale_free, standardised, with_step
from spectracnn.resources import resource


def written(path, **changes):
    arrays = {
        "eigenvalues": np.cumsum(np.random.default_rng(0).uniform(1, 2, (6, 9)), axis=1) - 1,
        "label": np.array([0, 1, 0, 1, 0, 1]),
        "class_names": np.array([b"cup", b"hand"]),
    }
    with h5py.File(path, "w") as file:
        for key, values in {**arrays, **changes}.items():
            if values is not None:
                file[key] = values
    return path


def test_bundled_data():
    data = read_training_data(resource("data/shrec07_lb_train.h5"))
    assert len(data.spectra) == 300
    assert data.classes[0] == "human"
    assert np.bincount(data.labels).tolist() == [15] * 20
    assert data.spectra[0].area > 0
    assert len(data.sha256) == 64


def test_area_is_not_needed(tmp_path):
    data = read_training_data(written(tmp_path / "d.h5"))
    assert data.spectra[0].area is None
    assert data.classes == ("cup", "hand")


def test_input_is_free_of_scale(tmp_path):
    values = np.cumsum(np.random.default_rng(0).uniform(1, 2, (6, 9)), axis=1)
    scales = np.arange(1, 7)[:, None] * 37.0
    one = read_training_data(written(tmp_path / "1.h5", eigenvalues=values))
    two = read_training_data(written(tmp_path / "2.h5", eigenvalues=values * scales))
    steps = scale_free(5)
    np.testing.assert_allclose(one.inputs(steps), two.inputs(steps), atol=1e-6)
    expected = np.log(values[:, :5] / np.arange(1, 6))
    expected -= expected.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(one.inputs(steps), expected, atol=1e-6)


def test_the_step_in_the_card_is_what_training_applied(tmp_path):
    data = read_training_data(written(tmp_path / "d.h5"))
    raw = data.inputs(scale_free(5))
    step = fitted_standardise(raw)
    through_card = data.inputs(with_step(scale_free(5), step))
    np.testing.assert_allclose(standardised(step, raw), through_card, atol=1e-5)
    np.testing.assert_allclose(through_card.mean(axis=0), 0, atol=1e-6)


def test_too_few_eigenvalues(tmp_path):
    data = read_training_data(written(tmp_path / "d.h5"))
    with pytest.raises(PreprocessingError, match="needs 50"):
        data.inputs(scale_free(50))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": None}, "no dataset 'label'"),
        ({"eigenvalues": np.ones(6)}, "eigenvalues"),
        ({"eigenvalues": np.full((6, 4), np.nan)}, "row 0"),
        ({"label": np.arange(5)}, "6 whole numbers"),
        ({"label": np.array([0, 1, 2, 0, 1, 0])}, "a label 2"),
        ({"label": np.array([0, 0, 0, 0, 0, 1])}, "1 spectra of class hand"),
        ({"class_names": np.array([b"cup", b"cup"])}, "different names"),
    ],
)
def test_refusals_are_one_sentence(tmp_path, changes, words):
    with pytest.raises(FileFormatError) as caught:
        read_training_data(written(tmp_path / "d.h5", **changes))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_hdf5(tmp_path):
    path = tmp_path / "d.h5"
    with pytest.raises(FileFormatError, match="no such file"):
        read_training_data(path)
    path.write_text("1 2 3")
    with pytest.raises(FileFormatError, match="cannot read"):
        read_training_data(path)
