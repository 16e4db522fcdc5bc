"""A small Keras model with its card, and files of spectra."""

from __future__ import annotations

import pytest
from made_spectra import CLASSES, STEPS, N, made_spectrum

from spectracnn import io
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.preprocessing import Preprocessing


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    """Path of a small Conv1D model with a card beside it."""
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    keras.utils.set_random_seed(4)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((N, 1)),
            layers.Conv1D(6, 5, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling1D(2, name="pool1"),
            layers.Conv1D(4, 3, name="conv2"),
            layers.Flatten(name="flatten"),
            layers.Dense(len(CLASSES), activation="softmax", name="classes"),
        ]
    )
    path = tmp_path_factory.mktemp("model") / "small.keras"
    model.save(path)
    card = ModelCard(Preprocessing.from_json(STEPS), CLASSES, title="Small")
    write_card(card, card_path(path))
    return path


@pytest.fixture
def ev_files(tmp_path):
    """Three ``.ev`` files of different lengths."""
    folder = tmp_path / "spectra"
    folder.mkdir()
    paths = []
    for place, n in enumerate((40, 60, 30)):
        path = folder / f"shape{place}.ev"
        io.write_ev(made_spectrum(f"shape {place}", n, place), path)
        paths.append(path)
    return paths


@pytest.fixture
def bad_file(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><html></html>")
    return path


@pytest.fixture
def short_file(tmp_path):
    """A spectrum with fewer eigenvalues than the model reads."""
    path = tmp_path / "short.ev"
    io.write_ev(made_spectrum("short", 10), path)
    return path
