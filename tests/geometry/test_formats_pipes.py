"""A pipe is no mesh, and is not opened to find out."""

import os
import sys

import pytest

from spectracnn.geometry.formats import is_mesh


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "shape.ev"
    os.mkfifo(path)
    assert not is_mesh(path)
