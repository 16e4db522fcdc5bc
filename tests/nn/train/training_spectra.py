"""Small labelled data of easy classes, as files of several kinds."""

from dataclasses import dataclass, field

import h5py
import numpy as np

from spectracnn.core.training_plan import TrainingPlan

CLASSES = ("flat", "low", "steep")


def made_values(n=18, length=110, seed=5):
    """Three classes of spectra that bend in three ways, of any size; the bends."""
    random = np.random.default_rng(seed)
    labels = np.tile([1, 0, 2], n // 3)
    bend = np.array([0.0, -0.6, 0.6])[labels]
    index = np.arange(1, length + 1)
    values = index ** (1 + bend[:, None]) * np.exp(0.03 * random.normal(size=(n, length)))
    sizes = random.uniform(0.1, 100, (n, 1))
    return np.sort(np.hstack([np.zeros((n, 1)), values * sizes]), axis=1), labels, bend


def write_training_file(path, **how):
    """Write an HDF5 file with labels."""
    values, labels, _ = made_values(**how)
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = values
        file["label"] = labels
        file["class_names"] = list(CLASSES)
    return path


def write_folders(folder, **how):
    """Write a text file a spectrum, in a folder a class."""
    values, labels, _ = made_values(**how)
    for place, (row, label) in enumerate(zip(values, labels, strict=True)):
        own = folder / CLASSES[label]
        own.mkdir(parents=True, exist_ok=True)
        np.savetxt(own / f"s{place:03d}.txt", row)
    return folder


def write_table(folder, **how):
    """Write a text file a spectrum, all in one folder, and a table about them."""
    values, labels, bend = made_values(**how)
    files = folder / "shapes"
    files.mkdir()
    lines = ["id,class,age,site,empty,same"]
    for place, row in enumerate(values):
        np.savetxt(files / f"s{place:03d}.txt", row)
        age = 40 + 20 * bend[place]
        lines.append(f"s{place:03d},{CLASSES[labels[place]]},{age:.3f},{place // 2},,7")
    table = folder / "people.csv"
    table.write_text("\n".join(lines) + "\n")
    return files, table


def quick_plan(data, out, **more):
    """Return a plan that is done in a moment."""
    words = {"epochs": 3, "folds": 2, "batch": 32, "eigenvalues": 24, **more}
    return TrainingPlan((str(data),), str(out), **words)


@dataclass
class Listening:
    """Keeps all events; wishes by a function of them."""

    wishing: object = None
    snapshots: bool = False
    events: list = field(default_factory=list)

    def emit(self, event):
        self.events.append(event)

    def wish(self):
        return self.wishing(self.events) if self.wishing else None

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]
