import gzip
import os

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.regular import read_start
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import FileFormatError

SHAPEDNA = """ Creator: ./shapeDNA-tria
 File: C:/data/hand: left.off
 User: someone
 Refine: 0
 Degree: 3
 Dimension: 2
 Elements: 32236
 DoF: 145069
 NumEW: 6

 Area: 110016
 Volume: 2.5e+06
 BLength: 0
 EulerChar: 2

 Time(pre) : 2
 Time(calcAB) : 11
 Time(calcEW) : 36
 Time(total ) : 49

Eigenvalues:
{-4.7207711983791511358e-18 ; 0.00012841730024672144738 ;
  0.00027151815722727096853 ; 0.0004 ;0.0005;
  0.0006}

Eigenvectors:
sizes: 3 6

{ (1,2,3) ; (4,5,6) }
"""
VALUES = [
    -4.7207711983791511358e-18,
    0.00012841730024672144738,
    0.00027151815722727096853,
    0.0004,
    0.0005,
    0.0006,
]


@pytest.fixture
def write(tmp_path):
    def make(text, name="hand.ev"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def test_shapedna_file(write):
    path = write(SHAPEDNA)
    (spectrum,) = io.read(path)
    assert spectrum.eigenvalues.tolist() == VALUES
    assert (spectrum.name, spectrum.area, spectrum.volume) == ("hand", 110016.0, 2.5e6)
    assert spectrum.kind is Kind.SURFACE
    assert spectrum.source == path
    assert spectrum.metadata["File"] == "C:/data/hand: left.off"
    assert spectrum.metadata["Time(pre)"] == "2"
    assert spectrum.metadata["Time(total)"] == "49"
    assert spectrum.notes == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_encodings_and_line_ends(write, encoding):
    text = SHAPEDNA.replace("someone", "Müller").replace("\n", "\r\n")
    (spectrum,) = io.read(write(text.encode(encoding)))
    assert spectrum.eigenvalues.tolist() == VALUES
    assert spectrum.metadata["User"] == "Müller"


def test_gzip(write):
    (spectrum,) = io.read(write(gzip.compress(SHAPEDNA.encode()), "a.ev.gz"))
    assert spectrum.name == "a"
    assert spectrum.eigenvalues.tolist() == VALUES


def test_a_content_of_ev_under_any_name(write):
    assert io.read(write(SHAPEDNA, "hand.txt"))[0].eigenvalues.tolist() == VALUES


def test_plain_numbers_under_the_name_ev(write):
    assert io.read(write("0\n1.5\n", "plain.ev"))[0].eigenvalues.tolist() == [0, 1.5]


@pytest.mark.parametrize("count", ["5", "9"])
def test_count_that_disagrees_is_a_badge(write, count):
    (spectrum,) = io.read(write(SHAPEDNA.replace("NumEW: 6", f"NumEW: {count}")))
    assert len(spectrum) == 6
    assert count in spectrum.notes[0]


def test_cut_list_is_a_badge(write):
    (spectrum,) = io.read(write("NumEW: 3\nEigenvalues:\n{0 ; 1.5 ; 2.5e-"))
    assert spectrum.eigenvalues.tolist() == [0, 1.5]
    assert len(spectrum.notes) == 3


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("NumEW: 5\nEigenvalues:\n{ 0.0 ; 1.0 ;", True),
        ("Eigenvalues:\n{ 0.0 ; 1.0 ;", True),
        ("NumEW: 2\nEigenvalues:\n{ 0.0 ; 1.0", False),
        ("NumEW: 2\nEigenvalues:\n{ 0.0 ; 1.0 }", False),
        ("Eigenvalues:\n{ 0.0 ; 1.0 \nEigenvectors:\nsizes: 1 1\n{(1)}", False),
    ],
)
def test_a_list_that_misses_values_is_cut_off(write, text, cut):
    (spectrum,) = io.read(write(text))
    assert bool(spectrum.cut_off) == cut


def test_unclosed_list_before_eigenvectors(write):
    text = "Eigenvalues:\n{0 ; 1.5 \nEigenvectors:\nsizes: 1 1\n{(1)}"
    (spectrum,) = io.read(write(text))
    assert spectrum.eigenvalues.tolist() == [0, 1.5]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("NumEW: 6\nEigenvalues:\n{ }", "Eigenvalues"),
        ("Eigenvalues:\n", "Eigenvalues"),
        (" Creator: ./shapeDNA-tria\n NumEW: 201\n", "header"),
        ("NumEW: 3\nEigenval", "header"),
        ("Eigenvalues:\n{1 ; two ; 3}", "eigenvalue 1"),
        ("Eigenvalues:\n{1 ; ; 3}", "eigenvalue 1"),
        ("Eigenvalues:\n{1 ; 1_0}", "eigenvalue 1"),
    ],
)
def test_refusals(write, text, place):
    with pytest.raises(FileFormatError) as caught:
        io.read(write(text))
    assert caught.value.place == place
    assert caught.value.path.endswith("hand.ev")


def test_no_finite_value(write):
    with pytest.raises(FileFormatError, match="finite"):
        io.read(write("Eigenvalues:\n{nan ; nan}"))


def test_long_list(write):
    values = np.sort(np.random.default_rng(1).random(9000))
    text = "Eigenvalues:\n{" + ";\n".join(map(repr, values.tolist())) + "}\nEigenvectors:\nx"
    assert np.array_equal(io.read(write(text))[0].eigenvalues, values)


def test_agrees_with_lapy(write, tmp_path):
    lapy = pytest.importorskip("lapy.io")
    values = np.random.default_rng(2).random(50)
    lapy.write_ev(str(tmp_path / "a.ev"), {"NumEW": 50, "Area": 2.5, "Eigenvalues": values})
    (spectrum,) = io.read(tmp_path / "a.ev")
    assert np.array_equal(spectrum.eigenvalues, lapy.read_ev(str(tmp_path / "a.ev"))["Eigenvalues"])
    assert spectrum.area == 2.5


def test_written_file_reads_in_lapy(tmp_path):
    lapy = pytest.importorskip("lapy.io")
    metadata = {"Creator": "x: y", "User": "me", "DoF": "12", "Refine": "a", "label": "cat"}
    values = np.random.default_rng(3).standard_normal(20)
    spectrum = Spectrum("a: b", values, Kind.SOLID, 1.5, 0.1, metadata=metadata)
    io.write_ev(spectrum, tmp_path / "a.ev")
    theirs = lapy.read_ev(str(tmp_path / "a.ev"))
    assert np.array_equal(theirs["Eigenvalues"], values)
    assert (theirs["Area"], theirs["Volume"], theirs["DoF"]) == (1.5, 0.1, 12)
    (ours,) = io.read(tmp_path / "a.ev")
    assert np.array_equal(ours.eigenvalues, values)
    assert (ours.name, ours.kind, ours.metadata["label"]) == ("a: b", Kind.SOLID, "cat")


def test_a_file_is_read_with_few_calls_of_the_system(tmp_path, monkeypatch):
    """Reading an `.ev` costs little beside its numbers: one look, one opening, one reading."""
    path = tmp_path / "a.ev"
    path.write_text("Eigenvalues:\n{ 0 ; 1 ; 2 }\n")
    calls = []
    for name in ("stat", "open", "fstat", "read"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, real=real, name=name, **k: (calls.append(name), real(*a, **k))[1]
        )
    assert len(io.read(path)[0]) == 3
    assert sorted(calls) == ["fstat", "open", "read", "stat"]


def test_a_long_start_arrives_whole_where_the_system_gives_pieces(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(256)) * 40)
    real = os.read
    monkeypatch.setattr(os, "read", lambda handle, most: real(handle, min(most, 1000)))
    start, size = read_start(path, 5000)
    assert (start, size) == (path.read_bytes()[:5000], 10240)
