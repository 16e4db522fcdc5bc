import contextlib
import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spectracnn import io
from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.core.trace import LayerInfo, ModelDescription
from spectracnn.errors import ExportError, FileFormatError
from spectracnn.io.chunked_rows import ChunkedRows, chunk_rows
from spectracnn.io.trace_file import TraceWriter, layer_key

FEW = settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
sizes = st.none() | st.floats(1e-300, 1e300)
spectra = st.builds(
    Spectrum,
    name=text,
    eigenvalues=arrays(np.float64, st.integers(1, 9), elements=st.floats(allow_nan=True)).filter(
        lambda values: np.isfinite(values).any()
    ),
    kind=st.sampled_from(Kind),
    area=sizes,
    volume=sizes,
    key=text.filter(bool),
    metadata=st.dictionaries(text, text, max_size=3),
    normalisation=st.sampled_from(Normalisation),
    notes=st.lists(text, max_size=2).map(tuple),
)
FIELDS = ("name", "kind", "area", "volume", "key", "normalisation", "notes")


@FEW
@given(st.lists(spectra, min_size=1, max_size=4))
@pytest.mark.parametrize("suffix", ["csv", "h5"])
def test_round_trip(tmp_path, suffix, written):
    path = tmp_path / f"a.{suffix}"
    (io.write_csv if suffix == "csv" else io.write_hdf5)(written, path)
    back = io.read(path)
    assert len(back) == len(written)
    for one, other in zip(written, back, strict=True):
        assert np.array_equal(
            np.asarray(one.eigenvalues).view(np.int64)[~np.isnan(one.eigenvalues)],
            np.asarray(other.eigenvalues).view(np.int64)[~np.isnan(other.eigenvalues)],
        )
        assert np.array_equal(one.eigenvalues, other.eigenvalues, equal_nan=True)
        assert [getattr(one, f) for f in FIELDS] == [getattr(other, f) for f in FIELDS]
        assert dict(one.metadata) == dict(other.metadata)


@FEW
@given(spectra)
def test_ev_round_trip(tmp_path, spectrum):
    io.write_ev(spectrum, tmp_path / "a.ev")
    (back,) = io.read(tmp_path / "a.ev")
    assert np.array_equal(spectrum.eigenvalues, back.eigenvalues, equal_nan=True)
    assert (back.area, back.volume, back.kind) == (spectrum.area, spectrum.volume, spectrum.kind)


STARTS = [
    b"", b"\x93NUMPY\1\0", b"PK\3\4", b"\x89HDF\r\n\x1a\n", b"\x80\4", b"\x1f\x8b\x08", b"{",
    b"Eigenvalues:\n{", b"MATLAB 5.0 MAT-file", b",A\narea,1\nvolume,2\n", b"0;1,5\n", b"[",
]  # fmt: skip
SUFFIXES = [".txt", ".ev", ".csv", ".json", ".mat", ".pkl", ".brainprint.csv"]


@FEW
@given(st.binary(max_size=300), st.sampled_from(STARTS), st.sampled_from(SUFFIXES))
def test_random_bytes_raise_only_file_format_errors(tmp_path, data, start, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(start + data)
    with contextlib.suppress(FileFormatError):
        assert io.read(path)


@FEW
@given(st.text(max_size=80) | st.text("0123456789.,; \n\t-e#ax[]{}\"'", max_size=80))
def test_random_text_raises_only_file_format_errors(content):
    with contextlib.suppress(FileFormatError):
        assert io.read_text(content).spectra


def test_origin_is_kept(tmp_path):
    spectrum = Spectrum("a", np.arange(3.0), source=Path("x/hand.ev"))
    io.write_csv([spectrum], tmp_path / "a.csv")
    (once,) = io.read(tmp_path / "a.csv")
    io.write_hdf5([once], tmp_path / "a.h5")
    (twice,) = io.read(tmp_path / "a.h5")
    assert twice.metadata["original_source"] == str(Path("x/hand.ev"))


@pytest.mark.parametrize("write", [io.write_csv, io.write_hdf5])
def test_a_failed_write_leaves_nothing(tmp_path, write):
    with pytest.raises(ExportError):
        write([Spectrum("a", np.arange(3.0))], tmp_path / "none" / "a.csv")
    with pytest.raises(TypeError):
        write([Spectrum("a", np.arange(3.0), metadata={"a": object()})], tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def description(layers=None):
    card = ModelCard(Preprocessing.from_json([{"step": "take", "n": 4}]), ("a", "b"))
    if layers is None:
        layers = (
            LayerInfo("block/conv.1", "Conv1D", (4, 2), activation="relu"),
            LayerInfo("dense", "Dense", (2,)),
        )
    return ModelDescription("m", "m.keras", "ab" * 32, (4, 1), tuple(layers), ("a", "b"), card, 9)


def batch(n, length, source=None, seed=0):
    rng = np.random.default_rng(seed)
    shapes = [Spectrum(f"s{k}", rng.random(length), source=source) for k in range(n)]
    maps = rng.standard_normal((n, 4, 2)).astype("f4")
    out = rng.random((n, 2)).astype("f4")
    layers = [(maps, np.maximum(maps, 0)), (None, out)]
    return shapes, rng.random((n, 4, 1)).astype("f4"), layers, out


def test_trace_file(tmp_path):
    source = tmp_path / "s.txt"
    source.write_text("0")
    first, second = batch(3, 5, source), batch(2, 7, seed=1)
    with TraceWriter(tmp_path / "t.h5", description(), {"keras": "3.15"}) as writer:
        writer.append(*first)
        writer.append(*second)
        assert not (tmp_path / "t.h5").exists()
    with h5py.File(tmp_path / "t.h5") as file:
        assert (file.attrs["format"], file.attrs["version"]) == ("spectracnn-trace", 1)
        assert file.attrs["model_sha256"] == "ab" * 32
        assert file.attrs["keras_version"] == "3.15"
        assert json.loads(file.attrs["preprocessing"]) == [{"step": "take", "n": 4}]
        keys = ["00_block_conv_1", "00_block_conv_1.before", "01_dense"]
        assert list(file["layers"]) == keys
        assert [file["layers"][k].attrs["role"] for k in keys] == ["after", "before", "output"]
        assert file["layers/00_block_conv_1"].attrs["layer"] == "block/conv.1"
        assert file["layers/01_dense"].attrs["layer_class"] == "Dense"
        maps = np.concatenate([first[2][0][0], second[2][0][0]])
        assert np.array_equal(file["layers/00_block_conv_1.before"], maps)
        assert file["layers/00_block_conv_1"].dtype == np.float32
        assert np.array_equal(file["input"], np.concatenate([first[1], second[1]]))
        assert np.array_equal(file["output"], np.concatenate([first[3], second[3]]))
        assert file["spectra/eigenvalues"].shape == (5, 7)
        assert np.isnan(file["spectra/eigenvalues"][:3, 5:]).all()
        assert list(file["classes"].asstr()) == ["a", "b"]
        assert file["spectra/source"].asstr()[0] == str(source)
        assert [len(item) for item in file["spectra/sha256"].asstr()] == [64, 64, 64, 0, 0]
    back = io.read(tmp_path / "t.h5")
    for one, other in zip(first[0] + second[0], back, strict=True):
        assert one.name == other.name
        assert np.array_equal(one.eigenvalues, other.eigenvalues)


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_any_batch_size_gives_the_same_rows(tmp_path, size):
    values = np.random.default_rng(0).random((5000, 2, 50)).astype("f4")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        rows = chunk_rows((2, 50), "f4")
        dataset = file.create_dataset(
            "a", (0, 2, 50), "f4", maxshape=(None, 2, 50), chunks=(rows, 2, 50)
        )
        writer = ChunkedRows(dataset)
        for start in range(0, 5000, size):
            writer.append(values[start : start + size])
        writer.finish()
        assert np.array_equal(dataset, values)


def test_empty_trace_file(tmp_path):
    with TraceWriter(tmp_path / "t.h5", description(), {}):
        pass
    with h5py.File(tmp_path / "t.h5") as file:
        assert file["layers/00_block_conv_1"].shape == (0, 4, 2)
        assert file["output"].shape == (0, 2)


def test_a_failed_trace_leaves_nothing(tmp_path):
    (tmp_path / "t.h5").write_text("old")
    wrong = [*batch(2, 5)[:2], [], batch(2, 5)[3]]
    with (
        pytest.raises(ValueError, match="layers"),
        TraceWriter(tmp_path / "t.h5", description(), {}) as writer,
    ):
        writer.append(*wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["t.h5"]
    assert (tmp_path / "t.h5").read_text() == "old"
    with (
        pytest.raises(ExportError),
        TraceWriter(tmp_path / "none" / "t.h5", description(), {}),
    ):
        pass


def test_layer_keys():
    assert layer_key(3, "a/b.c d", 10) == "03_a_b_c_d"
    assert layer_key(3, "x", 101) == "003_x"
