"""What is said of a damaged MATLAB file, with and without the reader's reason."""

from types import SimpleNamespace

import pytest

from spectracnn.io import mat


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "found a truncated or damaged .mat file, expected a whole file"),
        (OSError("no data"), "found a truncated or damaged .mat file (no data), expected"),
    ],
)
def test_an_error_without_text_leaves_no_empty_brackets(error, words):
    assert words in str(mat._damaged(SimpleNamespace(label="huge.mat"), error))
