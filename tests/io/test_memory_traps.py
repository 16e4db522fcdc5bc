"""No file takes more memory than ten times its size and 200 MB; larger ones get a sentence."""

import gzip
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from spectracnn import io
from spectracnn.errors import FileFormatError
from spectracnn.io.costs import count_cells

pytestmark = pytest.mark.slow

FAULTS = Path(__file__).parents[1] / "data" / "faults"
READ = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    import resource
    from spectracnn import io
    from spectracnn.errors import FileFormatError
    io.read_text("0 1 2")
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    before = peak()
    try:
        print(len(io.read(sys.argv[1])), "spectra")
    except FileFormatError as error:
        print(error)
    print(peak() - before - 10 * Path(sys.argv[1]).stat().st_size)
    """
)


def _text_bomb(path):
    path.write_bytes(gzip.compress(b"0 1 2 3 4 5 6 7 8 9\n" * 3_000_000))


def _ragged(path):
    path.write_text("1\n" * 20_000 + "1 " * 5_000)


def _one_line(path):
    path.write_text("12 " * 10_000_000)


def _archive(path):
    np.savez_compressed(path, evals=np.zeros((8000, 50_000), np.int8))


def _json(path):
    path.write_text("[" + "[]," * 2_000_000 + "[]]")


def _names(path):
    names = ["x" * 100_000] + [""] * 30_000
    path.write_text(json.dumps({"evals": [0, 1, 2], "names": names}))


def _many_rows(path):
    np.save(path, np.tile(np.array([0, 1], np.int8), (3_000_000, 1)))


CASES = {
    "a.txt.gz": _text_bomb, "ragged.csv": _ragged, "line.txt": _one_line, "zeros.npz": _archive,
    "deep.json": _json, "names.json": _names, "rows.npy": _many_rows,
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is counted in other units")
@pytest.mark.parametrize("name", CASES)
def test_the_peak_stays_within_the_bound(tmp_path, name):
    path = tmp_path / name
    CASES[name](path)
    words = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=600)
    said, beyond = done.stdout.splitlines()
    assert said
    assert int(beyond) <= 200 << 20, said


@pytest.mark.parametrize("name", ["EXC-2-19395-b.npz", "stderr-1-20-obj.npy", "huge4.mat"])
def test_damaged_containers_are_refused_in_silence(name, recwarn, capfd):
    with pytest.raises(FileFormatError):
        io.read(FAULTS / name)
    assert not recwarn.list
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", ["1", "1,2\n3,4", "1  2   3\n4 5 6", "1;2\t3"])
def test_cells_are_counted(text):
    assert count_cells(text.encode()) == len(text.replace(",", " ").replace(";", " ").split())


def test_metadata_that_is_no_text_is_a_damaged_row():
    text = (
        "name,kind,area,volume,normalisation,key,source,metadata,notes,n\n"
        'a,unknown,,,unknown,,,"{""a"":[1,2]}","[1,{}]",1,1.5\n'
    )
    with pytest.raises(FileFormatError, match="row 2"):
        io.read_text(text)
