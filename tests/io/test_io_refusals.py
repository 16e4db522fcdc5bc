import gzip
import json
import os
import struct
import subprocess
import sys
import zipfile

import h5py
import numpy as np
import pytest

from spectracnn import io
from spectracnn.errors import FileFormatError

STL = b"\0" * 80 + struct.pack("<I", 2) + b"\1" * 100
NIFTI = struct.pack("<i", 348) + b"\0" * 340 + b"n+1\0" + b"\0" * 10
CASES = [
    (b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "OFF mesh"),
    (b"# made by hand\nOFF\n3 1 0\n", "OFF mesh"),
    (b"ply\nformat ascii 1.0\nend_header\n", "PLY mesh"),
    (b"solid x\nfacet normal 0 0 1\nouter loop\n", "STL mesh"),
    (STL, "STL mesh"),
    (b"# Blender\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "OBJ mesh"),
    (b"# vtk DataFile Version 3.0\nx\nASCII\n", "VTK mesh"),
    (b'<?xml version="1.0"?>\n<VTKFile type="PolyData">', "VTK mesh"),
    (b'<?xml version="1.0"?>\n<GIFTI Version="1.0">', "GIFTI"),
    (b"\xff\xff\xfecreated by someone\n\n\0\0\0\3", "FreeSurfer surface"),
    (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
    (b"GIF89a\1\0", "GIF"),
    (b"II*\0\1\2", "TIFF"),
    (b"BM" + struct.pack("<IHHI", 99, 0, 0, 54) + b"\0" * 40, "BMP"),
    (b"\0" * 128 + b"DICM" + b"\0" * 9, "DICOM"),
    (NIFTI, "NIfTI"),
    (gzip.compress(NIFTI, mtime=0), "NIfTI"),
    (b"%PDF-1.7\n", "PDF"),
    (b"<!DOCTYPE html><html>", "web page"),
    (b"# format: spectracnn-attribution\n# version: 1\nfile,name\n", "attributions"),
    (bytes(range(256)) * 4, "binary"),
    (b"", "empty"),
    (gzip.compress(b"", mtime=0), "empty"),
    (b" \n\t \r\n", "blanks"),
    (gzip.compress(b"0\n1\n2\n" * 1000, mtime=0)[:-20], "gzip"),
]


@pytest.mark.parametrize(("content", "found"), CASES)
@pytest.mark.parametrize("suffix", [".txt", ".ev"])
def test_recognised_by_content_and_refused(tmp_path, content, found, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(FileFormatError) as caught:
        io.read(path)
    assert found in caught.value.found
    assert caught.value.path == str(path)
    assert caught.value.message.count(".") <= caught.value.message.count("\n") + 3


def test_mgh(tmp_path):
    path = tmp_path / "a.mgz"
    path.write_bytes(gzip.compress(struct.pack(">iiii", 1, 256, 256, 256) + b"\0" * 300))
    with pytest.raises(FileFormatError):
        io.read(path)


def test_keras_models(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w") as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(name, "{}")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({})
        file.create_group("model_weights")
    for name in ("a.keras", "a.h5"):
        with pytest.raises(FileFormatError, match="Keras model") as caught:
            io.read(tmp_path / name)
        assert "as a model" in caught.value.hint


def test_office_table(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(FileFormatError, match="Office"):
        io.read(tmp_path / "a.xlsx")


def test_missing_folder_and_pipe(tmp_path):
    for path, found in ((tmp_path, "folder"), (tmp_path / "none.ev", "no such file")):
        with pytest.raises(FileFormatError, match=found):
            io.read(path)
    with pytest.raises(FileFormatError):
        io.read("a\0b.ev")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_unreadable(tmp_path):
    path = tmp_path / "a.ev"
    path.write_text("0")
    path.chmod(0)
    with pytest.raises(FileFormatError, match="opened"):
        io.read(path)


def test_no_finite_value(tmp_path):
    np.save(tmp_path / "a.npy", np.full(4, np.nan))
    with pytest.raises(FileFormatError, match="finite"):
        io.read(tmp_path / "a.npy")


def test_import_stays_light():
    code = (
        "import sys, spectracnn.io; "
        "print(sorted({'scipy', 'h5py', 'PySide6', 'keras', 'tensorflow'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
