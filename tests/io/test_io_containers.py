import contextlib
import pickle
import subprocess
import sys

import h5py
import numpy as np
import pytest
from scipy.io import savemat
from scipy.sparse import dia_array

from spectracnn import io
from spectracnn.core.spectrum import Kind
from spectracnn.errors import FileFormatError

RNG = np.random.default_rng(0)
TABLE = np.cumsum(RNG.random((3, 20)), axis=1)
VECTOR = TABLE[0]


def read_values(path):
    return np.array([spectrum.eigenvalues for spectrum in io.read(path)])


@pytest.mark.parametrize("dtype", ["f8", ">f8", "f4"])
def test_npy(tmp_path, dtype):
    for array in (VECTOR, TABLE, VECTOR[:, None]):
        np.save(tmp_path / "a.npy", array.astype(dtype))
        expected = np.atleast_2d(np.squeeze(array)).astype(dtype).astype("f8")
        assert np.array_equal(read_values(tmp_path / "a.npy"), expected)


def test_npy_with_shapes_in_columns_is_noted(tmp_path):
    np.save(tmp_path / "a.npy", TABLE.T)
    result = io.read_file(tmp_path / "a.npy")
    assert result.assumed_orientation == "columns"
    assert "columns" in result.notes[0]
    assert np.array_equal([s.eigenvalues for s in result.spectra], TABLE)


def test_diffusion_net_cache(tmp_path):
    np.savez(
        tmp_path / "a.npz", evals=VECTOR, evecs=np.ones((50, 20)), k_eig=20, mass=np.ones(50),
        L_data=np.ones(9), area=2.5,
    )  # fmt: skip
    (spectrum,) = io.read(tmp_path / "a.npz")
    assert np.array_equal(spectrum.eigenvalues, VECTOR)
    assert (spectrum.name, spectrum.area, spectrum.key) == ("a", 2.5, "evals")
    assert spectrum.metadata["k_eig"] == "20"


def test_npz_without_known_names(tmp_path):
    np.savez(tmp_path / "a.npz", VECTOR)
    assert np.array_equal(read_values(tmp_path / "a.npz"), VECTOR[None])
    np.savez(tmp_path / "a.npz", a=VECTOR, b=VECTOR)
    with pytest.raises(FileFormatError, match="a, b"):
        io.read(tmp_path / "a.npz")


def test_pickled_objects_in_numpy_files(tmp_path):
    objects = np.array([{1: 2}, None], object)
    np.save(tmp_path / "a.npy", objects)
    np.savez(tmp_path / "a.npz", evals=objects)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(FileFormatError, match="pickled"):
            io.read(tmp_path / name)


def test_hdf5_with_labels(tmp_path):
    with h5py.File(tmp_path / "shapes.h5", "w") as file:
        file["eigenvalues"] = TABLE
        file["area"] = [1.0, 2.5, 0.1]
        file["label"] = [0, 1, 1]
        file["mesh_id"] = [7, 8, 9]
        file["class_names"] = ["cat", "dog"]
    result = io.read_file(tmp_path / "shapes.h5")
    assert [s.name for s in result.spectra] == ["cat 7", "dog 8", "dog 9"]
    assert [s.area for s in result.spectra] == [1.0, 2.5, 0.1]
    assert [s.metadata["label"] for s in result.spectra] == ["cat", "dog", "dog"]
    assert {s.kind for s in result.spectra} == {Kind.UNKNOWN}
    assert not result.ambiguous


def test_hdf5_nested_groups(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name in ("left", "right"):
            group = file.create_group(name)
            group["Lambda"] = VECTOR
            group["evecs"] = np.ones((5, 20))
            group.attrs["area"] = 1.5
    left, right = io.read(tmp_path / "a.h5")
    assert (left.name, right.key, left.area) == ("a left", "right.Lambda", 1.5)


def test_mat_struct_diagonal_and_sign(tmp_path):
    savemat(tmp_path / "a.mat", {"shape": {"evals": VECTOR[:, None], "evecs": np.ones((4, 20))}})
    (spectrum,) = io.read(tmp_path / "a.mat")
    assert np.array_equal(spectrum.eigenvalues, VECTOR)
    assert spectrum.key == "shape.evals"
    savemat(tmp_path / "a.mat", {"D": np.diag(-VECTOR[::-1]), "V": np.ones((20, 20))})
    assert np.array_equal(read_values(tmp_path / "a.mat"), -VECTOR[None, ::-1])
    savemat(tmp_path / "a.mat", {"D": np.ones((4, 4))})
    with pytest.raises(FileFormatError):
        io.read(tmp_path / "a.mat")


def test_mat_73(tmp_path):
    path = tmp_path / "a.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["evals"] = VECTOR[None]  # MATLAB stores the transpose of (20, 1)
        file["evals"].attrs["MATLAB_class"] = np.bytes_("double")
    with path.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file")
    assert np.array_equal(read_values(path), VECTOR[None])


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_pickle_of_arrays(tmp_path, protocol):
    record = {"left": TABLE, "right": TABLE * 2, "more": {"x": 1, "y": [1.5, "a"]}}
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(record, protocol))
    assert np.array_equal(read_values(tmp_path / "a.pkl"), np.vstack([TABLE, TABLE * 2]))


def test_pickle_of_python_2(tmp_path):
    # pickle.dumps({'evals': numpy.array([0., 1.5])}, 2) as Python 2.7 with NumPy 1.16 wrote it.
    raw = np.array([0.0, 1.5]).tobytes()
    data = (
        b"\x80\x02}q\x01U\x05evalsq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\n"
        b"q\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x02\x85cnumpy\ndtype\nq\x06U\x02f8K\x00K\x01\x87R"
        b"q\x07(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x10" + raw + b"tbs."
    )
    (tmp_path / "a.pk").write_bytes(data)
    assert read_values(tmp_path / "a.pk").tolist() == [[0, 1.5]]


class Payload:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (open, (self.target, "w"))


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_nothing_of_a_pickle_runs(tmp_path, protocol):
    target = tmp_path / "created"
    data = pickle.dumps({"evals": VECTOR, "x": Payload(str(target))}, protocol)
    (tmp_path / "a.pkl").write_bytes(data)
    with pytest.raises(FileFormatError, match=r"io\.open|open"):
        io.read(tmp_path / "a.pkl")
    assert not target.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04cposix\nsystem\n(S'true'\ntR.",
        b"\x80\x02cbuiltins\neval\n.",
        b"\x80\x02r\xff\xff\xff\x7f.",
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x80\x02cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85R.",
        pickle.dumps(np.array([1, None], object)),
        b"\x80\x02]q\x00h\x00a.",
        b"\x80\x04",
    ],
)
def test_hostile_pickles(tmp_path, data):
    (tmp_path / "a.pkl").write_bytes(data)
    with pytest.raises(FileFormatError):
        io.read(tmp_path / "a.pkl")


@pytest.mark.parametrize("name", ["a.npz", "a.npy", "a.h5", "a.mat", "a.pkl"])
def test_truncated(tmp_path, name):
    path = tmp_path / name
    values = RNG.random(5000)
    writers = {
        "a.npz": lambda: np.savez(path, evals=values),
        "a.npy": lambda: np.save(path, values),
        "a.mat": lambda: savemat(path, {"evals": values}),
        "a.pkl": lambda: path.write_bytes(pickle.dumps(values)),
    }
    if name == "a.h5":
        with h5py.File(path, "w") as file:
            file["evals"] = values
    else:
        writers[name]()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(FileFormatError) as caught:
        io.read(path)
    assert caught.value.path == str(path)


MEASURE = """
import resource, sys
from spectracnn import io
unit = 1 if sys.platform == "darwin" else 1024
import h5py, numpy
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
(spectrum,) = io.read(sys.argv[1])
assert len(spectrum) == 30
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before) / 2**20)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
@pytest.mark.parametrize("suffix", ["ev", "npz", "h5"])
def test_eigenvectors_are_not_held(tmp_path, suffix):
    path = tmp_path / f"big.{suffix}"
    vectors = np.zeros((250_000, 30))
    if suffix == "ev":
        row = b"(" + b",".join([b"0.123456789"] * 200_000) + b") ;\n"
        values = " ; ".join(map(str, range(30))).encode()
        with path.open("wb") as stream:
            stream.write(b" NumEW: 30\nEigenvalues:\n{ " + values + b" }\n\nEigenvectors:\n{")
            for _ in range(26):
                stream.write(row)
    elif suffix == "npz":
        np.savez(path, evecs=vectors, evals=np.arange(30.0))
    else:
        with h5py.File(path, "w") as file:
            file["evecs"], file["evals"] = vectors, np.arange(30.0)
    assert path.stat().st_size > 57e6
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    assert float(answer.stdout) < 20


def test_damaged_containers_are_refused_or_read(tmp_path):
    # SciPy's own reader of .mat ends the process on some of these.
    savemat(tmp_path / "a.mat", {"shape": {"evals": TABLE}, "area": [1, 2, 3], "name": "cat"})
    np.savez(tmp_path / "a.npz", evals=TABLE, area=[1, 2, 3])
    np.save(tmp_path / "a.npy", TABLE)
    rng = np.random.default_rng(5)
    for name in ("a.mat", "a.npz", "a.npy"):
        data = (tmp_path / name).read_bytes()
        for _ in range(150):
            broken = bytearray(data)
            for place in rng.integers(0, len(data), 3):
                broken[place] = rng.integers(0, 256)
            (tmp_path / f"z{name}").write_bytes(broken)
            with contextlib.suppress(FileFormatError):
                assert io.read(tmp_path / f"z{name}")


@pytest.mark.parametrize("compressed", [False, True])
def test_mat_contents(tmp_path, compressed):
    path = tmp_path / "a.mat"
    record = {
        "shape": [{"evals": VECTOR, "name": "left"}, {"evals": VECTOR * 2, "name": "right"}],
        "huge": np.zeros((600, 600)),
        "cell": np.array([VECTOR, "x"], object),
        "ok": True,
    }
    savemat(path, record, do_compression=compressed)
    left, right = io.read(path)
    assert (left.name, right.name) == ("left", "right")
    assert np.array_equal(right.eigenvalues, VECTOR * 2)
    savemat(path, {"Lambda": dia_array(np.diag(VECTOR)), "label": "cat"}, do_compression=compressed)
    (spectrum,) = io.read(path)
    assert np.array_equal(spectrum.eigenvalues, VECTOR)
    assert spectrum.metadata["label"] == "cat"
    savemat(path, {"evals": VECTOR}, format="4")
    assert np.array_equal(read_values(path), VECTOR[None])
