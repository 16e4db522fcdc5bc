import os
import stat
import sys

import pytest

from spectracnn.core.atomic import atomic_path
from spectracnn.core.progress import Progress
from spectracnn.errors import ExportError, OperationCancelled


def test_success_replaces(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with atomic_path(target) as temporary:
        assert temporary.suffix == ".csv"
        assert temporary.parent == tmp_path
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OperationCancelled])
def test_failure_leaves_the_old_file(tmp_path, error):
    target = tmp_path / "a.csv"
    target.write_text("old")
    with pytest.raises(error), atomic_path(target):
        raise error
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_full_disk_is_an_export_error(tmp_path):
    with pytest.raises(ExportError, match="No space"), atomic_path(tmp_path / "a.csv"):
        raise OSError(28, "No space left on device")
    assert os.listdir(tmp_path) == []
    with pytest.raises(ExportError), atomic_path(tmp_path / "none" / "a.csv"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_ordinary_permissions(tmp_path):
    old = os.umask(0o022)
    try:
        with atomic_path(tmp_path / "a.csv"):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o644


def test_progress():
    seen = []
    progress = Progress(lambda *call: seen.append(call))
    progress.update(1, 2, "x")
    assert not progress.cancelled
    progress.cancel()
    with pytest.raises(OperationCancelled):
        progress.update(2, 2)
    assert seen == [(1, 2, "x")]
