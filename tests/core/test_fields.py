import pickle

import numpy as np
import pytest

from spectracnn.core.fields import ReceptiveField
from spectracnn.core.trace import LayerInfo, LayerTrace, Trace


def test_input_and_everything():
    field = ReceptiveField.of_input(4)
    assert field.steps == 4
    assert field.centres.tolist() == [0, 1, 2, 3]
    assert field.runs(2) == [(2, 2)]
    assert not field.covers_everything
    whole = ReceptiveField.everything(2, 5)
    assert whole.covers_everything
    assert whole.runs(1) == [(0, 4)]
    assert whole.centres.tolist() == [2, 2]


def test_holes_of_a_dilated_kernel():
    mask = np.array([[True, False, True, False, True], [False, True, True, False, False]])
    field = ReceptiveField(mask, [0, 1], [4, 2], 5, 1.0)
    assert field.runs(0) == [(0, 0), (2, 2), (4, 4)]
    assert field.runs(1) == [(1, 2)]


def test_stays_frozen_through_pickling():
    values = np.zeros((3, 2))
    trace = Trace("ab", values, [0, 1, 2], (LayerTrace(values, values),), [0.5, 0.5])
    for record in (trace, trace.layers[0], ReceptiveField.of_input(3)):
        other = pickle.loads(pickle.dumps(record))
        names = getattr(record, "__slots__", None) or vars(record)
        arrays = [getattr(other, name) for name in names]
        arrays = [item for item in arrays if isinstance(item, np.ndarray)]
        assert arrays
        assert not any(array.flags.writeable for array in arrays)
    assert not pickle.loads(pickle.dumps(trace)).layers[0].output.flags.writeable


def test_layer_info():
    assert LayerInfo("a", "Conv1D", (4, 2), activation="relu").rectified
    assert LayerInfo("a", "Conv1D", (4, 2)).is_sequence
    assert not LayerInfo("a", "Dense", (4,)).is_sequence


def test_masks_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        ReceptiveField.of_input(2).mask[0, 0] = False
