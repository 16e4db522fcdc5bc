import numpy as np
from scipy.signal import correlate, correlate2d

from spectracnn.view.lessons.sliding import slide


def test_a_filter_on_an_image_and_along_a_row():
    rng = np.random.default_rng(0)
    image, square = rng.normal(size=(5, 6)).astype("f"), rng.normal(size=(3, 2)).astype("f")
    found = slide(image, square)
    expected = correlate2d(image, square, "valid")
    np.testing.assert_allclose(found.outputs.reshape(found.shape), expected, rtol=1e-5, atol=1e-6)
    row = slide(image[0], square[:, 0])
    np.testing.assert_allclose(
        row.outputs, correlate(image[0], square[:, 0], "valid"), rtol=1e-5, atol=1e-6
    )


def test_the_map_so_far_and_the_sum_in_words():
    found = slide(np.array([1, 0, 1, 1], np.float32), np.array([1, -1], np.float32))
    assert found.sentence(0) == "1·1 + 0·-1 = 1"
    so_far = found.so_far(2)
    assert so_far.tolist()[:2] == [1, -1]
    assert np.isnan(so_far[2])
