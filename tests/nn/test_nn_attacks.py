"""Hostile model files, each with a harmless payload that must not run or be read."""

from __future__ import annotations

import base64
import io
import json
import marshal
import pickle
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spectracnn.errors import CardError, ModelError
from spectracnn.nn.judge import judge
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


class Touch:
    """Unpickling this creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


def rewritten(saved: Path, change: Callable[[dict[str, Any]], None], **entries: bytes) -> Path:
    """Return a copy of the archive with another config.json, and other entries."""
    target = saved.with_name("hostile.keras")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = entries.pop(name, None) or old.read(name)
            if name == "config.json":
                config = json.loads(data)
                change(config)
                data = json.dumps(config).encode()
            new.writestr(name, data)
        for name, data in entries.items():
            new.writestr(name, data)
    return target


def layer(config: dict[str, Any]) -> dict[str, Any]:
    """Return the first layer after the input."""
    entry: dict[str, Any] = config["config"]["layers"][1]
    return entry


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "it-ran"


def payloads(witness: Path) -> dict[str, dict[str, Any]]:
    """Return layers that create the witness when they are trusted."""
    code = compile(f"open({str(witness)!r}, 'w').close()", "payload", "exec")
    marshalled = base64.b64encode(marshal.dumps(code)).decode()
    function = {"class_name": "__lambda__", "config": {"value": marshalled, "code": marshalled}}
    pickled = base64.b64encode(pickle.dumps(Touch(witness))).decode()
    fetch = {"url": witness.as_uri(), "fname": str(witness)}
    return {
        "Lambda": {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"name": "sly", "function": function},
            "registered_name": None,
        },
        "old Lambda": {
            "class_name": "Lambda",
            "config": {"name": "sly", "function": [marshalled, None, None]},
        },
        "activation": {
            "module": "keras.layers",
            "class_name": "Activation",
            "config": {"name": "sly", "activation": function},
            "registered_name": None,
        },
        "TFSMLayer": {
            "module": "keras.layers",
            "class_name": "TFSMLayer",
            "config": {"name": "sly", "filepath": str(witness)},
            "registered_name": None,
        },
        "TorchModuleWrapper": {
            "module": "keras.layers",
            "class_name": "TorchModuleWrapper",
            "config": {"name": "sly", "module": pickled},
            "registered_name": None,
        },
        "function of a module": {
            "module": "os",
            "class_name": "function",
            "config": "system",
            "registered_name": "system",
        },
        "class of a module": {
            "module": "subprocess",
            "class_name": "Popen",
            "config": {"name": "sly", "args": ["touch", str(witness)]},
            "registered_name": None,
        },
        "tool of keras": {
            "module": "keras.utils",
            "class_name": "get_file",
            "config": {"name": "sly", **fetch},
            "registered_name": None,
        },
        "registered": {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {"name": "sly", "units": 2},
            "registered_name": "evil>Dense",
        },
        "type": {
            "class_name": "__typespec__",
            "spec_name": "Popen",
            "module": "subprocess",
            "registered_name": None,
            "config": ["touch", str(witness)],
        },
        "wrapped": {
            "module": "keras.layers",
            "class_name": "TimeDistributed",
            "config": {
                "name": "outer",
                "layer": {"class_name": "Lambda", "config": {"name": "sly", "function": function}},
            },
            "registered_name": None,
        },
        "vocabulary": {
            "module": "keras.layers",
            "class_name": "StringLookup",
            "config": {"name": "sly", "vocabulary": "/etc/hostname"},
            "registered_name": None,
        },
    }


@pytest.mark.parametrize("name", list(payloads(Path("/nowhere"))))
def test_payload_is_refused_and_does_not_run(name: str, saved: Path, witness: Path) -> None:
    entry = payloads(witness)[name]

    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"].insert(1, entry)

    path = rewritten(saved, change)
    with pytest.raises(ModelError) as caught:
        open_model(path)
    assert not witness.exists()
    told = str(caught.value)
    assert told.startswith("hostile.keras: ")
    assert any(word in told for word in ("'sly'", "'system'", "'subprocess'")), told
    assert told.count(". ") == 0
    assert "\n" not in told


@pytest.mark.parametrize("place", ["compile_config", "build_config", "top"])
def test_payload_outside_the_layers_is_refused(place: str, saved: Path, witness: Path) -> None:
    entry = payloads(witness)["Lambda"]

    def change(config: dict[str, Any]) -> None:
        if place == "top":
            config.update(entry)
        else:
            config[place] = {"loss": entry}

    with pytest.raises(ModelError, match="Lambda"):
        open_model(rewritten(saved, change))
    assert not witness.exists()


def test_loss_of_their_own_is_not_needed(saved: Path) -> None:
    loss = {"module": "builtins", "class_name": "function", "config": "my_loss"}

    def change(config: dict[str, Any]) -> None:
        config["compile_config"] = {"loss": {**loss, "registered_name": "function"}}

    assert open_model(rewritten(saved, change)).description.layers


def test_settings_of_keras_pass(saved: Path, sequential: Any, tmp_path: Path, keras: Any) -> None:
    copy = keras.models.clone_model(sequential)
    copy.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 10)),
        loss="categorical_crossentropy",
        metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(2)],
    )
    path = tmp_path / "compiled.keras"
    copy.save(path)
    assert open_model(path).description.classes == ("class 0", "class 1", "class 2")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("filters", 10**9),
        ("kernel_size", [10**8]),
        ("filters", 1e300),
        ("batch_shape", [None, 10**9, 1]),
        ("batch_shape", [None, 0, 1]),
    ],
)
def test_absurd_sizes_are_refused(key: str, value: Any, saved: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        place = 0 if key == "batch_shape" else 1
        config["config"]["layers"][place]["config"][key] = value

    with pytest.raises(ModelError, match="absurd"):
        open_model(rewritten(saved, change))


def test_outputs_that_would_fill_the_memory_are_refused(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((40, 1)), *(layers.UpSampling1D(100) for _ in range(4)), layers.Flatten()]
    )
    path = tmp_path / "flood.keras"
    model.save(path)
    with pytest.raises(ModelError, match=r"up_sampling1d.* has the absurd"):
        open_model(path)


def test_configuration_nested_without_end_is_refused(saved: Path) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    with pytest.raises(ModelError, match="not valid JSON"):
        open_model(_with_config(saved, deep))
    value: Any = 1
    for _ in range(300):
        value = [value]

    def change(config: dict[str, Any]) -> None:
        layer(config)["config"]["trainable"] = value

    with pytest.raises(ModelError, match="nested too deeply"):
        open_model(rewritten(saved, change))


def _with_config(saved: Path, data: bytes) -> Path:
    target = saved.with_name("deep.keras")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == "config.json" else old.read(name))
    return target


def test_two_entries_of_one_name_are_refused(saved: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match="two entries of one name"):
        open_model(saved)


def _store(fill: Callable[[h5py.File], None]) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as store:
        fill(store)
    return buffer.getvalue()


def _virtual(store: h5py.File) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(4,))
    store.create_virtual_dataset("sly", layout)


def _external(store: h5py.File) -> None:
    store.create_dataset("sly", (4,), "u1", external=[("/etc/hostname", 0, 4)])


def _link(store: h5py.File) -> None:
    store["sly"] = h5py.ExternalLink("/etc/hostname", "/x")


def _soft(store: h5py.File) -> None:
    store["sly"] = h5py.SoftLink("/elsewhere")


def _huge(store: h5py.File) -> None:
    store.create_dataset("sly", (1 << 40,), "f4", chunks=(1 << 20,), compression="gzip")


STORES = [_virtual, _external, _link, _soft, _huge]


@pytest.mark.parametrize("fill", STORES)
def test_weights_that_lead_outside_are_refused(
    fill: Callable[[h5py.File], None], saved: Path
) -> None:
    path = rewritten(saved, lambda config: None, **{"model.weights.h5": _store(fill)})
    with pytest.raises(ModelError, match="sly"):
        open_model(path)


@pytest.mark.parametrize("fill", STORES)
def test_old_files_that_lead_outside_are_refused(
    fill: Callable[[h5py.File], None], sequential: Any, tmp_path: Path
) -> None:
    path = tmp_path / "old.h5"
    path.write_bytes(_store(fill))
    with h5py.File(path, "a") as store:
        config = {"class_name": "Sequential", "config": sequential.get_config()}
        store.attrs["model_config"] = json.dumps(config)
    with pytest.raises(ModelError, match="sly"):
        open_model(path)


def test_groups_in_a_circle_end(saved: Path) -> None:
    def fill(store: h5py.File) -> None:
        store["a/b"] = np.zeros(3)
        store["a/again"] = store["a"]

    path = rewritten(saved, lambda config: None, **{"model.weights.h5": _store(fill)})
    with pytest.raises(ModelError):
        open_model(path)


def test_file_of_two_kinds_is_taken_for_one(saved: Path, witness: Path, tmp_path: Path) -> None:
    """What is judged is what Keras opens, whatever the suffix says."""
    path = tmp_path / "both.h5"
    path.write_bytes(saved.read_bytes())
    assert open_model(path).description.classes == ("class 0", "class 1", "class 2")
    evil = {"class_name": "Sequential", "config": {"layers": [payloads(witness)["Lambda"]]}}
    hdf5 = _store(lambda store: store.attrs.update({"model_config": json.dumps(evil)}))
    path = tmp_path / "both.keras"
    path.write_bytes(hdf5 + saved.read_bytes())
    with pytest.raises(ModelError, match="Lambda"):
        open_model(path)
    assert not witness.exists()


def test_hostile_card_is_refused(saved: Path, witness: Path) -> None:
    card = saved.with_name("small.card.json")
    card.write_bytes(pickle.dumps(Touch(witness)))
    with pytest.raises(CardError):
        open_model(saved)
    assert not witness.exists()


def test_random_damage_is_told_in_one_sentence(saved: Path) -> None:
    rng = np.random.default_rng(4)
    data = bytearray(saved.read_bytes())
    for turn in range(12):
        broken = bytearray(data)
        for place in rng.integers(0, len(data), 30):
            broken[place] = rng.integers(256)
        path = saved.with_name(f"broken{turn}.keras")
        path.write_bytes(bytes(broken))
        with pytest.raises(ModelError, match=rf"broken{turn}\.keras: "):
            open_model(path)


def test_subclassed_model_is_told(saved: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        config.clear()
        config.update({"module": "__main__", "class_name": "MyNet", "config": {"units": 3}})

    with pytest.raises(ModelError, match="class 'MyNet'; only Sequential and Functional"):
        open_model(rewritten(saved, change))


@pytest.mark.parametrize("config", [None, 3, [], {}, {"class_name": 3}, {"class_name": "Model"}])
def test_configurations_of_the_wrong_kind_are_refused(config: Any) -> None:
    with pytest.raises(ModelError):
        judge(config)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits memory")
def test_memory_is_limited(saved: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        layer(config)["config"] |= {"filters": 60_000, "kernel_size": [60_000]}

    path = rewritten(saved, change)
    with pytest.raises(ModelError, match=r"hostile\.keras: ") as caught:
        open_model(path, memory_limit=1 << 30)
    assert "memory" in f"{caught.value} {caught.value.hint}"
