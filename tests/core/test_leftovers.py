"""What killed writers leave is cleared by the next write; nothing special is replaced."""

import os
import signal
import stat
import subprocess
import sys
import textwrap

import pytest

from spectracnn.core.atomic import atomic_path
from spectracnn.core.leftovers import clear_leftovers, new_part
from spectracnn.errors import ExportError

WRITER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from spectracnn.core.atomic import atomic_path
    with atomic_path(Path(sys.argv[1])) as part:
        part.write_text("half")
        print("ready", flush=True)
        time.sleep(600)
    """
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


@posix
def test_the_next_write_clears_what_a_killed_one_left(tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path / "a.h5")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        killed.stdout.readline()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as living:
            living.stdout.readline()
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            (tmp_path / ".mine.part.h5").write_text("of another program")
            assert len(os.listdir(tmp_path)) == 3
            with atomic_path(tmp_path / "b.csv") as part:
                part.write_text("whole")
            left = sorted(os.listdir(tmp_path))
            assert len(left) == 3  # the living one's part stays, and so does another program's
            assert {"b.csv", ".mine.part.h5"} < set(left)
            living.kill()


@posix
def test_names_and_links_that_are_not_ours_stay(tmp_path):
    part = new_part(tmp_path / "a.csv")
    foreign = tmp_path / part.name.replace(part.name.split("-")[1], "00000000")
    foreign.write_text("of another machine")
    assert clear_leftovers(tmp_path) == 0
    assert part.exists()
    assert foreign.exists()
    assert clear_leftovers(tmp_path / "none") == 0


@posix
@pytest.mark.parametrize("long", ["x" * 240, "é" * 120, "caf\udce9"])
def test_any_name_that_the_system_takes_can_be_written(tmp_path, long):
    target = tmp_path / f"{long}.csv"
    with atomic_path(target) as part:
        part.write_text("whole")
    assert target.read_text() == "whole"


@posix
def test_a_pipe_or_a_device_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    link = tmp_path / "null.csv"
    link.symlink_to("/dev/null")
    for target in (pipe, link, tmp_path):
        with pytest.raises(ExportError, match="no ordinary file"), atomic_path(target):
            pass
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@posix
def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    with atomic_path(tmp_path / "link.csv") as part:
        part.write_text("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "a.csv").read_text() == "new"
