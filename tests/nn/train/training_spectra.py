"""A small training file of easy classes, and a recipe that learns it in a moment."""

import h5py
import numpy as np

from spectracnn.nn.train.recipe import Augmentation, Recipe

QUICK = Recipe(
    eigenvalues=24,
    members=2,
    filters=(8, 8),
    kernels=(5, 3),
    pools=(2, 2),
    epochs=40,
    batch=16,
    learning_rate=1e-2,
    averaging=0.9,
    augmentation=Augmentation(varied=200),
)


def write_training_file(path):
    """Write three classes of six spectra that bend in three ways."""
    random = np.random.default_rng(5)
    labels = np.tile([0, 1, 2], 6)
    index = np.arange(1, 111)
    bend = np.array([-0.6, 0.0, 0.6])[labels, None]
    values = index ** (1 + bend) * np.exp(0.03 * random.normal(size=(18, 110)))
    sizes = random.uniform(0.1, 100, (18, 1))
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = np.sort(np.hstack([np.zeros((18, 1)), values * sizes]), axis=1)
        file["label"] = labels
        file["class_names"] = ["low", "flat", "steep"]
    return path
