import numpy as np
import pytest
from training_spectra import (
    CLASSES,
    made_values,
    quick_plan,
    write_folders,
    write_table,
    write_training_file,
)

from spectracnn.core.input_presets import own_preset, preset
from spectracnn.core.outputs import Task
from spectracnn.errors import SpectraCNNError
from spectracnn.nn.train.labelled import read_labelled, usable_length
from spectracnn.nn.train.preparing import fitted_standardise, standardised, with_steps
from spectracnn.resources import resource

pytestmark = pytest.mark.slow


def read(data, **how):
    return read_labelled(quick_plan(data, "m.keras", **how))


def test_bundled_data():
    data = read(resource("data/shrec07_lb_train.h5"))
    assert len(data) == 300
    assert len(data.classes) == 20
    assert np.bincount(data.truth).tolist() == [15] * 20
    assert not data.grouped
    assert usable_length(data, None) == 100


def test_labels_from_file_folder_and_table_are_the_same(tmp_path):
    files, table = write_table(tmp_path)
    found = [
        read(write_training_file(tmp_path / "d.h5")),
        read(write_folders(tmp_path / "f")),
        read(files, table=str(table), target="class"),
    ]
    for data in found:
        assert data.classes == CLASSES
        assert np.bincount(data.truth).tolist() == [6, 6, 6]
    by_name = {s.name: data.classes[t] for s, t in zip(data.spectra, data.truth, strict=True)}
    labels = made_values()[1]
    assert by_name["s004"] == CLASSES[labels[4]]


def test_numbers_and_groups_of_a_table(tmp_path):
    files, table = write_table(tmp_path)
    how = {"table": str(table), "id_column": "id", "target": "age", "task": Task.REGRESSION}
    data = read(files, **how, group="site")
    np.testing.assert_allclose(np.sort(np.unique(data.truth)), [28, 40, 52])
    assert data.grouped
    assert np.bincount(data.groups).tolist() == [2] * 9


def test_input_is_free_of_scale_for_classes_only(tmp_path):
    data = read(write_training_file(tmp_path / "1.h5"))
    classes, values = (
        data.inputs(preset(own_preset(task)).steps(20))
        for task in (Task.CLASSIFICATION, Task.REGRESSION)
    )
    np.testing.assert_allclose(classes.mean(axis=1), 0, atol=1e-9)
    expected = np.log(data.spectra[3].eigenvalues[1:21] / np.arange(1, 21))
    np.testing.assert_allclose(values[3], expected)
    np.testing.assert_allclose(classes[3], expected - expected.mean())


def test_the_step_in_the_card_is_what_training_applied(tmp_path):
    data = read(write_training_file(tmp_path / "d.h5"))
    steps = preset("scale-free").steps(24)
    raw = data.inputs(steps)
    step = fitted_standardise(raw)
    np.testing.assert_allclose(
        standardised(step, raw), data.inputs(with_steps(steps, [step])), atol=1e-6
    )


def test_what_the_steps_take_is_found_in_the_file(tmp_path):
    data = read(write_training_file(tmp_path / "d.h5"))
    found = data.eigenvalues(preset("scale-free").steps(24))
    np.testing.assert_array_equal(found[2], data.spectra[2].eigenvalues[1:25])


def folder_of(tmp_path, sizes):
    values, _, _ = made_values(30)
    rows = iter(values)
    for name, count in sizes.items():
        own = tmp_path / "f" / name
        own.mkdir(parents=True)
        for place in range(count):
            np.savetxt(own / f"{name}{place}.txt", next(rows))
    return tmp_path / "f"


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"a": 5, "b": 1}, "'b' has one spectrum"),
        ({"a": 5}, "None of the 5 spectra has a label"),
        (dict.fromkeys("abcde", 1), "5 classes and only 5 spectra"),
    ],
)
def test_classes_that_cannot_be_learned(tmp_path, sizes, words):
    with pytest.raises(SpectraCNNError, match=words) as caught:
        read(folder_of(tmp_path, sizes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"target": "same"}, "All 18 spectra are of one class, '7'"),
        ({"target": "same", "task": Task.REGRESSION}, "same 'same'"),
        ({"target": "empty"}, "None of the 18 spectra has a 'empty'"),
        ({"target": "nothing"}, "nothing"),
        ({"target": "class", "task": Task.REGRESSION}, "class"),
        ({"target": "id"}, "18 classes and only 18 spectra"),
        ({"target": "class", "id_column": "none"}, "none"),
        ({"target": "class", "group": "none"}, "none"),
    ],
)
def test_tables_that_cannot_be_learned(tmp_path, how, words):
    files, table = write_table(tmp_path)
    with pytest.raises(SpectraCNNError, match=words) as caught:
        read(files, table=str(table), **how)
    assert "\n" not in str(caught.value)


def test_a_target_needs_a_table(tmp_path):
    with pytest.raises(SpectraCNNError, match="of a table"):
        read(write_training_file(tmp_path / "d.h5"), target="age")


def test_too_few_eigenvalues(tmp_path):
    data = read(write_training_file(tmp_path / "d.h5", length=30))
    assert usable_length(data, None) == 30
    with pytest.raises(SpectraCNNError, match="expected 50 or more"):
        usable_length(data, 50)


def test_no_data(tmp_path):
    with pytest.raises(SpectraCNNError, match="no file of spectra"):
        read(tmp_path)
    with pytest.raises(SpectraCNNError, match="no such file"):
        read(tmp_path / "none.h5")
