"""Good files of every format, small, made anew: what is mutated."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import warnings
import zipfile
from pathlib import Path

import h5py
import numpy as np
from scipy.io import savemat

from spectracnn import io as files
from spectracnn.core.spectrum import Kind, Spectrum

FAULTS = Path(__file__).parents[1] / "data" / "faults"


def keras_corpus(folder: Path) -> dict[str, bytes]:
    """Return models that Keras itself wrote, in both of its formats, with a card each."""
    from spectracnn.nn.backend import load_keras

    keras = load_keras()[1]
    layers = keras.layers
    start = keras.Input((40, 1))
    left = layers.Conv1D(3, 5, padding="causal", dilation_rate=2, activation="relu")(start)
    right = layers.SeparableConv1D(3, 3, padding="same")(layers.BatchNormalization()(start))
    joined = layers.Add()([left, right])
    branched = keras.Model(
        start, layers.Dense(2, "softmax")(layers.GlobalAveragePooling1D()(joined))
    )
    plain = keras.Sequential(
        [
            keras.Input((40, 1)),
            layers.Conv1D(4, 5, strides=2, activation="elu"),
            layers.MaxPooling1D(2),
            layers.LayerNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    recurrent = keras.Sequential(
        [keras.Input((None, 1)), layers.Bidirectional(layers.GRU(3)), layers.Dense(2)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's advice against its older format
        for name, model in (("branched", branched), ("plain", plain), ("recurrent", recurrent)):
            model.compile(loss="categorical_crossentropy")
            model.save(folder / f"{name}.keras")
            model.save(folder / f"{name}.model.h5")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def corpus(folder: Path) -> dict[str, bytes]:
    """Return good files by name; the folder is used for making them."""
    values = np.sort(np.random.default_rng(5).random((4, 12)) * 100, axis=1)
    values[:, 0] = 0.0
    spectra = [
        Spectrum(f"shape {at}", row, Kind.SURFACE, 1.5, metadata={"label": "a"}, subject=f"s{at}")
        for at, row in enumerate(values)
    ]
    files.write_ev(spectra[0], folder / "a.ev")
    files.write_csv(spectra, folder / "own.csv")
    files.write_hdf5(spectra, folder / "own.h5")
    _texts(folder, values)
    _hdf5(folder, values)
    _archives(folder, values)
    for protocol in (0, 1, 2, 4, 5):
        record = {"evals": values, "names": ["a", "b", "c", "d"], "area": np.float64(1.5)}
        (folder / f"p{protocol}.pkl").write_bytes(pickle.dumps(record, protocol))
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    return found | _models(found["dense.h5"])


def _texts(folder: Path, values: np.ndarray) -> None:
    write = {
        "list.txt": "\n".join(map(repr, values[0].tolist())),
        "table.csv": "name,ev0,ev1,ev2,label\na,0,1.5,2.5,x\nb,0,1.25,2.25,y\n",
        "decimal.csv": "0,0;1,5;2,5\n0,0;1,25;2,25\n",
        "shown.txt": f"array({values.tolist()})",
        "scalars.txt": "[" + ", ".join(f"np.float64({v})" for v in values[0]) + "]",
        "s.brainprint.csv": ",Left,Right\narea,1.5,2\nvolume,nan,1\nev0,0,0\nev1,1,2\nev2,3,4\n",
        "label_shapes.csv": "name,ID,area,Laplace-Beltrami spectrum: component 2,"
        "Laplace-Beltrami spectrum: component 3\nx,1,2.5,3,4\n",
        "spectrum.json": json.dumps({"lh": values[0].tolist(), "rh": values[1].tolist()}),
        "keys.json": json.dumps({"evals": values.tolist(), "names": list("abcd"), "area": 2}),
        "mesh.off": "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
    }
    for name, text in write.items():
        (folder / name).write_text(text)
    (folder / "list.txt.gz").write_bytes(gzip.compress(write["list.txt"].encode()))
    (folder / "utf16.txt").write_bytes(write["table.csv"].encode("utf-16"))


def _hdf5(folder: Path, values: np.ndarray) -> None:
    for number, version in enumerate(("earliest", "latest")):
        with h5py.File(folder / f"plain{number}.h5", "w", libver=version) as file:
            file["evals"] = values
            file.create_dataset("sub/ev", data=values[0], compression="gzip", chunks=(4,))
            file["names"] = ["a", "b", "c", "d"]
            file.attrs["area"] = 2.5
    with h5py.File(folder / "dense.h5", "w") as file:
        file["layers/dense/vars/0"] = np.ones((12, 2), "f4")
        file["layers/dense/vars/1"] = np.zeros(2, "f4")
        file.create_group("vars")


def _archives(folder: Path, values: np.ndarray) -> None:
    np.save(folder / "a.npy", values)
    np.savez(folder / "a.npz", evals=values, area=np.arange(4.0), names=list("abcd"))
    np.savez_compressed(folder / "b.npz", eigenvalues=values[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        savemat(folder / "m5.mat", {"evals": values, "shape": {"area": 2.5, "name": "a"}})
        savemat(folder / "m7.mat", {"Lambda": np.diag(values[0])}, do_compression=True)
        savemat(folder / "m4.mat", {"evals": values}, format="4")


def _models(weights: bytes) -> dict[str, bytes]:
    layer = {
        "module": "keras.layers", "class_name": "Dense", "registered_name": None,
        "config": {"name": "dense", "units": 2, "activation": "softmax", "use_bias": True},
    }  # fmt: skip
    start = {
        "module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
        "config": {"name": "in", "batch_shape": [None, 12], "dtype": "float32"},
    }  # fmt: skip
    config = {
        "module": "keras", "class_name": "Sequential", "registered_name": None,
        "config": {"name": "net", "layers": [start, layer]},
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights)
    legacy = io.BytesIO()
    with h5py.File(legacy, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file["model_weights/dense/kernel"] = np.ones((12, 2), "f4")
    card = {
        "schema": "spectracnn-card", "version": 2, "title": "Net", "model_sha256": "",
        "preprocessing": [{"step": "take", "length": 12}], "classes": ["a", "b"],
        "evaluation": [{"metric": "accuracy", "value": 0.9, "how": "cv", "sd": 0.1}],
        "training": {"seed": 1}, "task": "classification", "threshold": 0.5, "conformal": [0.1],
    }  # fmt: skip
    return {
        "net.keras": packed.getvalue(),
        "legacy.model.h5": legacy.getvalue(),
        "net.card.json": json.dumps(card).encode(),
    }
