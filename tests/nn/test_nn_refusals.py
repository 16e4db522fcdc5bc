"""Hostile and damaged files are refused in one sentence, and nothing in them runs."""

from __future__ import annotations

import json
import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import pytest

from spectracnn.errors import ModelError
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _rewritten(saved: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Return a copy of the archive with another config.json."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "config.json":
                config = json.loads(data)
                change(config)
                data = json.dumps(config).encode()
            new.writestr(name, data)
    return target


def test_lambda_is_refused_by_name_and_does_not_run(
    keras: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = tmp_path / "ran"
    source = f"lambda x: (open({str(witness)!r}, 'w').close(), x)[1]"
    function = eval(source)
    model = keras.Sequential(
        [
            keras.Input((8, 1)),
            keras.layers.Lambda(function, (8, 1), name="sly"),
            keras.layers.Flatten(),
        ]
    )
    witness.unlink(missing_ok=True)
    path = tmp_path / "lambda.keras"
    model.save(path)
    witness.unlink(missing_ok=True)
    with pytest.raises(ModelError, match=r"Layer 'sly' is a Lambda"):
        open_model(path)
    assert not witness.exists()


@pytest.mark.parametrize("name", ["TFSMLayer", "TorchModuleWrapper", "JaxLayer"])
def test_wrappers_of_other_programs_are_refused(name: str, saved: Path, tmp_path: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][1]["class_name"] = name

    with pytest.raises(ModelError, match=name):
        open_model(_rewritten(saved, tmp_path / "x.keras", change))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("module", "os", "module 'os'"),
        ("registered_name", "evil>Layer", "custom code"),
        ("class_name", "Mystery", "class 'Mystery', which is not"),
    ],
)
def test_foreign_code_is_refused(
    field: str, value: str, told: str, saved: Path, tmp_path: Path
) -> None:
    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][1][field] = value

    with pytest.raises(ModelError, match=told):
        open_model(_rewritten(saved, tmp_path / "x.keras", change))


@pytest.mark.parametrize("entry", ["../out.txt", "/abs.txt", "extra.py", "C:\\x"])
def test_archive_entries_that_do_not_belong_are_refused(
    entry: str, saved: Path, tmp_path: Path
) -> None:
    path = _rewritten(saved, tmp_path / "x.keras", lambda config: None)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, b"payload")
    with pytest.raises(ModelError, match="entry"):
        open_model(path)
    assert not (tmp_path.parent / "out.txt").exists()


def test_zip_bomb_is_refused(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", b"\0" * (64 << 20))
    with pytest.raises(ModelError, match="absurd size"):
        open_model(path)


def test_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.keras"
    entry = zipfile.ZipInfo("model.weights.h5")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ModelError, match="is a link"):
        open_model(path)


def test_external_links_in_hdf5_are_refused(keras: Any, sequential: Any, tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    with h5py.File(path, "w") as store:
        store.attrs["model_config"] = json.dumps(
            {"class_name": "Sequential", "config": sequential.get_config()}
        )
        store["outside"] = h5py.ExternalLink("/etc/hostname", "/x")
    with pytest.raises(ModelError, match="is a link"):
        open_model(path)


def test_damaged_and_other_files_are_told_apart(
    saved: Path, sequential: Any, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.keras"
    cut.write_bytes(saved.read_bytes()[:2000])
    with pytest.raises(ModelError, match=r"cut\.keras: .*cut off"):
        open_model(cut)
    weights = tmp_path / "w.weights.h5"
    sequential.save_weights(weights)
    with pytest.raises(ModelError, match="weights without an architecture"):
        open_model(weights)
    text = tmp_path / "text.keras"
    text.write_text("no model")
    with pytest.raises(ModelError, match=r"neither a \.keras archive nor an HDF5"):
        open_model(text)
    with pytest.raises(ModelError, match="cannot be read"):
        open_model(tmp_path / "absent.keras")


def test_inputs_that_no_spectrum_can_serve_are_refused(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    one, two = keras.Input((8, 1)), keras.Input((2,))
    both = keras.Model(
        [one, two], layers.Dense(2)(layers.Concatenate()([layers.Flatten()(one), two]))
    )
    image = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(1, 3), layers.Flatten()])
    for name, model, told in (("two", both, r"shape \(2,\)"), ("image", image, r"\(8, 8, 3\)")):
        path = tmp_path / f"{name}.keras"
        model.save(path)
        with pytest.raises(ModelError, match=told):
            open_model(path)


def test_errors_survive_pickling() -> None:
    error = ModelError("A sentence.", "A hint.")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.message, copy.hint) == ("A sentence.", "A hint.")
