import hashlib
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from spectracnn.core.reference import (
    Reference,
    read_reference,
    reference_path,
    write_reference,
)
from spectracnn.errors import CardError


def made(n=12, width=6, classes=3):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(n, width)).astype(np.float32)
    truth = np.arange(n) % classes
    shadow = LogisticRegression().fit(inputs, truth)
    return Reference(
        names=np.array([f"vase {i}" for i in range(n)]),
        eigenvalues=np.cumsum(random.uniform(size=(n, width)), axis=1),
        inputs=inputs,
        statistics=random.normal(size=(n, 12)),
        distances=random.uniform(size=(n, 2)),
        truth=truth,
        outputs=random.normal(size=(n, classes)),
        folds=np.arange(n) % 2,
        shadow_weights=shadow.coef_.T,
        shadow_bias=shadow.intercept_,
    ), shadow


def test_there_and_back(tmp_path):
    reference, _ = made()
    path = reference_path(tmp_path / "m.keras")
    assert path.name == "m.reference.npz"
    entry = write_reference(reference, path)
    assert entry.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    again = read_reference(path, entry.sha256)
    for item in vars(reference):
        before, after = getattr(reference, item), getattr(again, item)
        assert before.dtype == after.dtype
        if before.dtype.kind == "U":
            np.testing.assert_array_equal(before, after)
        else:
            np.testing.assert_allclose(before, after, rtol=1e-6)
        assert not after.flags.writeable
    with np.load(path, allow_pickle=False) as arrays:  # numpy's own reader, no objects
        assert arrays["names"][3] == "vase 3"


def test_same_reference_same_bytes(tmp_path):
    one, two = tmp_path / "1.npz", tmp_path / "2.npz"
    assert write_reference(made()[0], one).sha256 == write_reference(made()[0], two).sha256


def test_the_shadow_is_scikit_learns():
    reference, shadow = made()
    inputs = np.random.default_rng(4).normal(size=(5, 6))
    np.testing.assert_allclose(reference.shadow(inputs), shadow.decision_function(inputs))
    none = replace(reference, shadow_weights=np.zeros((0, 0)), shadow_bias=np.zeros(0))
    assert not none.has_shadow
    assert none.shadow(inputs).shape == (5, 0)


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "m.reference.npz"
    write_reference(made()[0], path)
    with pytest.raises(CardError, match="not the one that the card names"):
        read_reference(path, "0" * 64)
    with pytest.raises(CardError, match="cannot be read"):
        read_reference(tmp_path / "none.npz")


def test_damage_is_one_sentence(tmp_path):
    path = tmp_path / "m.reference.npz"
    write_reference(made()[0], path)
    whole = path.read_bytes()
    for content in (b"", b"no zip", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(CardError, match="damaged or no such file"):
            read_reference(path)


def test_objects_are_never_read(tmp_path):
    path = tmp_path / "m.reference.npz"
    write_reference(made()[0], path)
    np.save(tmp_path / "evil.npy", np.array([{}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    entries["truth.npy"] = (tmp_path / "evil.npy").read_bytes()
    with zipfile.ZipFile(path, "w") as new:
        for name, content in entries.items():
            new.writestr(name, content)
    with pytest.raises(CardError, match="damaged"):
        read_reference(path)


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": np.zeros((3, 6))},
        {"inputs": np.full((12, 6), np.nan)},
        {"truth": np.zeros(4)},
        {"statistics": np.zeros((12, 5))},
        {"shadow_weights": np.zeros((2, 3))},
        {"distances": np.full((12, 2), np.inf)},
    ],
)
def test_shapes_that_do_not_fit(change):
    with pytest.raises(CardError, match="invalid"):
        replace(made()[0], **change)
