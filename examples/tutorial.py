"""Make data in the manner of the tutorial, and train its networks on them.

The tutorial's data are not public: a dictionary of white-matter tracts, ``{tract: (subjects, n)}``,
pickled by Python 2.7. These are made up: tracts of random size whose spectra follow Weyl's law with
a ripple that differs between the sexes, and heads whose size differs between them as well.

    python examples/tutorial.py FOLDER
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import numpy as np

TRACTS = tuple(f"{name}{side}" for name in ("ThalRad", "CST_", "ILF_", "SLF_") for side in "LR")


def make_data(folder: Path, subjects: int = 200, n: int = 60) -> None:
    """Write ``tracts.p`` (a pickle of protocol 2) and ``participants.csv``."""
    random = np.random.default_rng(0)
    male = random.random(subjects) < 0.5
    size = random.normal(1.0, 0.05, subjects) + 0.05 * male
    index = np.arange(1, n)
    tracts = {}
    for place, tract in enumerate(TRACTS):
        growth = (index * (8 + place))[None] / size[:, None] ** 2
        ripple = 0.02 * np.sin(index / 4 + place)[None] * np.where(male, 1, -1)[:, None]
        noise = random.normal(0, 0.02, (subjects, n - 1))
        values = np.sort(growth * (1 + ripple + noise), axis=1)
        tracts[tract] = np.hstack([np.zeros((subjects, 1)), values])
    (folder / "tracts.p").write_bytes(pickle.dumps(tracts, 2))
    lines = [
        f"subject {k + 1},{'male' if m else 'female'},{s:.4f}"
        for k, (m, s) in enumerate(zip(male, size, strict=True))
    ]
    (folder / "participants.csv").write_text("\n".join(["subject,sex,size", *lines]) + "\n")


def read(folder: Path, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first n nonzero values, shape (subjects, tracts, n), and who is male."""
    tracts = pickle.loads((folder / "tracts.p").read_bytes())  # our own file
    values = np.stack([tracts[name][:, 1 : n + 1] for name in TRACTS], axis=1)
    rows = (folder / "participants.csv").read_text().splitlines()[1:]
    return values, np.array([row.split(",")[1] == "male" for row in rows])


def networks(n: int) -> dict[str, object]:
    """Return the tutorial's three networks, each ending in one sigmoid."""
    import keras
    from keras import layers

    count = len(TRACTS)
    return {
        "cnn1d": keras.Sequential([
            keras.Input((count * n, 1)),
            layers.Conv1D(16, 3, activation="relu"), layers.Conv1D(16, 3, activation="relu"),
            layers.MaxPooling1D(3), layers.Conv1D(16, 3, activation="relu"),
            layers.GlobalAveragePooling1D(), layers.Dropout(0.3),
            layers.Dense(1, activation="sigmoid"),
        ]),
        "cnn2d": keras.Sequential([
            keras.Input((count, n, 1)),
            layers.Conv2D(8, (3, 3), activation="relu"), layers.MaxPooling2D((1, 2)),
            layers.Flatten(), layers.Dense(1, activation="sigmoid"),
        ]),
        "logistic": keras.Sequential([
            keras.Input((count * n,)), layers.Dense(1, activation="sigmoid"),
        ]),
    }  # fmt: skip


def train(folder: Path, n: int = 40, epochs: int = 60) -> dict[str, float]:
    """Train on three quarters, write networks with their cards, return accuracy on the rest."""
    import keras

    keras.utils.set_random_seed(0)
    values, male = read(folder, n)
    flat = values.reshape(len(values), -1)
    draw = np.random.default_rng(1).permutation(len(flat))
    training, rest = draw[len(draw) // 4 :], draw[: len(draw) // 4]
    # Means and scales of the training subjects alone: those of all would know the test.
    mean, scale = flat[training].mean(axis=0), flat[training].std(axis=0)
    np.savez(folder / "scaler.npz", mean=mean, scale=scale)
    standard = (flat - mean) / scale
    found = {}
    for name, model in networks(n).items():
        shaped = standard.reshape(-1, *model.input_shape[1:])
        model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
        model.fit(shaped[training], male[training], epochs=epochs, batch_size=16, verbose=0)
        found[name] = float(model.evaluate(shaped[rest], male[rest], verbose=0)[1])
        model.save(folder / f"{name}.keras")
        card = {
            "schema": "spectracnn-card", "version": 2, "title": f"Sex by {name}",
            "preprocessing": [
                {"step": "drop_zeros"}, {"step": "take", "n": n},
                {"step": "standardise", "mean": mean.tolist(), "scale": scale.tolist()},
            ],
            "structures": list(TRACTS),
            "arrangement": "rows" if name == "cnn2d" else "concatenated",
            "classes": ["female", "male"],
        }  # fmt: skip
        (folder / f"{name}.card.json").write_text(json.dumps(card))
    return found


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "tutorial")
    target.mkdir(exist_ok=True)
    make_data(target)
    for network, accuracy in train(target).items():
        sys.stdout.write(f"{network}: {accuracy:.2f} of the subjects that were left out\n")
