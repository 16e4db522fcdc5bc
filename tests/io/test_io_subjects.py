"""Many subjects with several structures each, in one file."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.subjects import subject_keys
from spectracnn.io.write import write_csv, write_hdf5

DATA = Path(__file__).with_name("data")
NAMES = ("CST_L", "CST_R", "ThalRadL")


@pytest.fixture
def tracts():
    random = np.random.default_rng(4)
    return {name: np.cumsum(random.uniform(0.1, 1, (5, 30)), axis=1) for name in NAMES}


def check(spectra, tracts, subjects=None):
    subjects = subjects or [f"subject {place + 1}" for place in range(5)]
    assert [(s.subject, s.structure) for s in spectra] == [
        (subject, name) for name in tracts for subject in subjects
    ]
    for spectrum in spectra:
        row = tracts[spectrum.structure][subjects.index(spectrum.subject)]
        np.testing.assert_array_equal(spectrum.eigenvalues, row)
    assert len({spectrum.key for spectrum in spectra}) == len(spectra)


def _text(data: bytes) -> bytes:
    """Quote bytes as Python 2 did in protocol 0."""
    quoted = repr(data)[1:].encode("ascii")
    return b"S" + quoted + b"\n"


def python2_protocol_0(tracts) -> bytes:
    """Write the opcodes that ``cPickle.dumps(tracts, 0)`` of Python 2.7 writes."""
    out = b"(dp0\n"
    for name, table in tracts.items():
        out += _text(name.encode()) + b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n"
        out += b"(I0\nt" + _text(b"b") + b"tR(I1\n(" + b"".join(b"I%d\n" % n for n in table.shape)
        out += b"tcnumpy\ndtype\n(" + _text(b"f8") + b"I0\nI1\ntR(I3\n" + _text(b"<")
        out += b"NNNI-1\nI-1\nI0\ntbI00\n" + _text(table.tobytes()) + b"tbs"
    return out + b"."


def python2_protocol(tracts, protocol: int) -> bytes:
    """Write the binary opcodes of protocol 1 or 2 of Python 2.7: text is bytes."""
    out = b"\x80\x02}(" if protocol == 2 else b"}("
    for name, table in tracts.items():
        out += b"U" + bytes([len(name)]) + name.encode()
        out += b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR"
        out += b"(K\x01(" + b"".join(b"K" + bytes([size]) for size in table.shape) + b"t"
        out += (
            b"cnumpy\ndtype\n(U\x02f8K\x00K\x01tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff"
        )
        raw = table.tobytes()
        out += b"K\x00tbI00\nT" + len(raw).to_bytes(4, "little") + raw + b"tb"
    return out + b"u."


@pytest.mark.parametrize("suffix", [".p", ".pk", ".pkl"])
@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_pickles_of_python_2(tmp_path, tracts, protocol, suffix):
    path = tmp_path / f"tracts{suffix}"
    path.write_bytes(python2_protocol(tracts, protocol) if protocol else python2_protocol_0(tracts))
    check(io.read(path), tracts)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_of_python_3(tmp_path, tracts, protocol):
    path = tmp_path / "tracts.pkl"
    path.write_bytes(pickle.dumps(tracts, protocol))
    check(io.read(path), tracts)


def test_an_archive_of_arrays_and_the_names_beside(tmp_path, tracts):
    path = tmp_path / "tracts.npz"
    names = [f"s{place}" for place in range(5)]
    np.savez(path, **tracts, subjects=names, age=[20, 30, 40, 50, 60])
    spectra = io.read(path)
    check(spectra, tracts, names)
    assert [s.metadata["age"] for s in spectra[:5]] == ["20", "30", "40", "50", "60"]


def test_an_array_of_three_axes(tmp_path, tracts):
    path = tmp_path / "all.npz"
    np.savez(path, data=np.stack([*tracts.values()], axis=1), structures=NAMES)
    check(io.read(path), tracts)
    np.save(tmp_path / "all.npy", np.stack([*tracts.values()], axis=1))
    assert {s.structure for s in io.read(tmp_path / "all.npy")} == {
        "structure 1",
        "structure 2",
        "structure 3",
    }


def test_a_table_with_a_row_a_subject_and_structure(tmp_path, tracts):
    path = tmp_path / "tracts.csv"
    lines = ["subject,structure," + ",".join(f"ev{k}" for k in range(30))]
    for place in range(5):
        for name, table in tracts.items():
            lines.append(f"s{place},{name}," + ",".join(map(repr, table[place].tolist())))
    path.write_text("\n".join(lines) + "\n")
    spectra = io.read(path)
    assert spectra[1].name == "s0 CST_R"
    assert [s.subject for s in spectra[::3]] == [f"s{place}" for place in range(5)]
    assert {s.structure for s in spectra} == set(NAMES)


@pytest.mark.parametrize(("write", "suffix"), [(write_csv, ".csv"), (write_hdf5, ".h5")])
def test_subject_and_structure_survive_our_own_files(tmp_path, tracts, write, suffix):
    first = tmp_path / "tracts.pkl"
    first.write_bytes(pickle.dumps(tracts))
    write(io.read(first), tmp_path / f"copy{suffix}")
    check(io.read(tmp_path / f"copy{suffix}"), tracts)


def test_names_of_subjects_hold_across_files_and_numbers_do_not(tmp_path, tracts):
    for number in (1, 2):
        (tmp_path / f"{number}.pkl").write_bytes(pickle.dumps(tracts))
    spectra = [*io.read(tmp_path / "1.pkl"), *io.read(tmp_path / "2.pkl")]
    assert len(set(subject_keys(spectra))) == 10
