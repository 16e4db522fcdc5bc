import pickle

import pytest

from spectracnn import errors


@pytest.mark.parametrize(
    "error",
    [
        errors.ModelError("It is broken.", "Mend it."),
        errors.OperationCancelled(),
        errors.FileFormatError("a.ev", "x", "y", "line 3", "Try."),
    ],
)
def test_errors_survive_pickling(error):
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert (str(other), other.hint) == (str(error), error.hint)
    assert vars(other) == vars(error)


def test_file_format_error_is_one_sentence():
    error = errors.FileFormatError("a.ev", "'x'", "a number", "line 3")
    assert str(error) == "line 3: found 'x', expected a number."
    assert error.sentence == "a.ev: line 3: found 'x', expected a number."
    assert isinstance(error, errors.SpectraCNNError)
