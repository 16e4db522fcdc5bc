"""A full disk is a sentence, not the end of the process."""

import subprocess
import sys
import textwrap

import h5py
import numpy as np
import pytest

from spectracnn.io.steady_file import SteadyFile, new_hdf5

WRITE = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    import numpy as np
    from spectracnn.errors import ExportError
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.figures.values import _write_hdf5
    from spectracnn.io import write_hdf5
    from spectracnn.io.spectra_writer import SpectraWriter
    from spectracnn.core.card import ModelCard
    from spectracnn.core.preprocessing import Preprocessing
    from types import SimpleNamespace

    class Writer(SpectraWriter):
        def append(self, spectra, values):
            self._append_batch(spectra, {"values": values})

    folder, limit = Path(sys.argv[1]), int(sys.argv[2])
    values = np.random.default_rng(0).random((200, 300))
    spectra = [Spectrum(f"s{at}", row) for at, row in enumerate(values)]
    about = SimpleNamespace(
        card=ModelCard(Preprocessing(()), ("a", "b")), classes=("a", "b"), sha256="", name="n"
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write_hdf5(spectra, folder / "a.h5")
    except ExportError as error:
        print(error)
    try:
        with Writer(folder / "b.h5", about, {}) as writer:
            for _ in range(20):
                writer.append(spectra, values)
    except ExportError as error:
        print(error)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit of file sizes")
@pytest.mark.parametrize("limit", [0, 100, 3000, 60_000, 300_000])
def test_a_file_that_cannot_grow_ends_in_a_sentence(tmp_path, limit):
    words = [sys.executable, "-X", "faulthandler", "-c", WRITE, str(tmp_path), str(limit)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all("cannot be written (File too large)" in line or "Errno 27" in line for line in lines)
    assert not list(tmp_path.iterdir())


def test_the_file_is_the_same_as_without(tmp_path):
    values = np.random.default_rng(0).random((50, 40))
    with new_hdf5(tmp_path / "a.h5") as file:
        file["values"] = values
        file.create_dataset("packed", data=values, compression="gzip", chunks=(5, 40))
        del file["packed"]
    with h5py.File(tmp_path / "a.h5", "r") as file:
        assert np.array_equal(file["values"][()], values)


def test_a_failed_write_reads_as_zeros_and_is_remembered(tmp_path):
    steady = SteadyFile(tmp_path / "a")
    assert steady.write(b"abc") == 3
    steady.error = OSError(28, "No space left on device")
    assert steady.write(b"def") == 3
    assert [steady.tell(), steady.seek(1), steady.read(4)] == [6, 1, b"bc\0\0"]
    with pytest.raises(OSError, match="No space"):
        steady.check()
    steady.close()


def test_what_a_file_held_before_is_dropped(tmp_path):
    (tmp_path / "a").write_bytes(b"older and longer")
    steady = SteadyFile(tmp_path / "a")
    steady.write(b"new")
    steady.close()
    assert (tmp_path / "a").read_bytes() == b"new"
