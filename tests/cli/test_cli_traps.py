"""What a command meets in the wild: pipes, devices, names that are no text, full disks."""

import csv
import json
import os
import stat
import subprocess
import sys

import pytest

from spectracnn.cli.batch.events import BatchReport, Speaker
from spectracnn.cli.main import main
from spectracnn.cli.reporting import Reporter

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def run(*arguments):
    return main([os.fspath(argument) for argument in arguments])


def command(*arguments, **options):
    """Run a command in a process of its own."""
    words = [sys.executable, "-m", "spectracnn", *map(os.fspath, arguments)]
    return subprocess.run(words, capture_output=True, timeout=300, check=False, **options)


@posix
def test_pipes_and_devices_are_refused_not_opened(tmp_path, small_model, ev_files, capsys):
    pipe = tmp_path / "pipe.ev"
    os.mkfifo(pipe)
    assert run("info", pipe, ev_files[0]) == 1
    assert "found a pipe" in capsys.readouterr().err
    for arguments in (
        ("--model", pipe),
        ("--model", "/dev/zero"),
        ("--model", small_model, "--card", "/dev/zero"),
        ("--model", small_model, "--card", pipe),
    ):
        assert run("predict", ev_files[0], *arguments) == 2
        assert "no ordinary file" in capsys.readouterr().err


@posix
def test_special_files_are_not_replaced(tmp_path, small_model, ev_files, capsys):
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    null = os.stat("/dev/null").st_rdev
    for out in (pipe, "/dev/null"):
        assert run("predict", ev_files[0], "--model", small_model, "--csv", out) == 2
        assert "no ordinary file" in capsys.readouterr().err
    assert run("trace", ev_files[0], "--model", small_model, "--out", "/dev/null") == 2
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert os.stat("/dev/null").st_rdev == null


@posix
def test_names_that_are_no_utf8_lose_nothing(tmp_path, small_model, ev_files):
    path = os.fsencode(tmp_path) + b"/caf\xe9 \x1b[31m.ev"
    with open(ev_files[0], "rb") as old, open(path, "wb") as new:
        new.write(old.read())
    files = [ev_files[0], os.fsdecode(path), ev_files[1]]
    shown = command("info", *files)
    assert shown.returncode == 0
    assert b"\x1b" not in shown.stdout + shown.stderr
    records = json.loads(command("info", "--json", *files).stdout.decode("utf-8"))
    assert os.fsencode(records[1]["file"]) == path
    for out, arguments in (("p.csv", ("predict", "--csv")), ("e.csv", ("explain", "--out"))):
        options = ("--model", small_model, arguments[1], tmp_path / out)
        assert run(arguments[0], *files, *options) == 0
        text = (tmp_path / out).read_text(encoding="utf-8")
        assert len([line for line in text.splitlines() if "caf\\xe9" in line]) == 1
    assert run("explain", *files, "--model", small_model, "--out", tmp_path / "e.h5") == 0


@posix
def test_a_model_whose_name_is_no_utf8(tmp_path, small_model, ev_files):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.keras")
    with open(small_model, "rb") as old, open(path, "wb") as new:
        new.write(old.read())
    for out in ("a.h5", "a.csv"):
        assert run("explain", ev_files[0], "--model", path, "--out", tmp_path / out) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_full_device_is_one_sentence(ev_files, arguments):
    words = [sys.executable, "-m", "spectracnn", "info", *arguments, *map(str, ev_files)]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "spectracnn: stdout: cannot be written (No space left on device)."
    ]


def test_stdin_may_hold_anything():
    done = command("info", "--json", "-", input=b"\xff\x00\x01 1 2\n")
    assert done.returncode == 1
    assert b"binary" in done.stderr
    done = command("info", "--json", "-", input=b"# caf\xe9\n0 1 2 3 4 5\n")
    assert json.loads(done.stdout)[0]["n"] == 6


def test_a_file_cut_off_in_its_list_is_remarked_beside_its_class(
    tmp_path, small_model, ev_files, capsys
):
    whole = ev_files[0]
    cut = tmp_path / "cut.ev"
    values = " ; ".join(str(1.37 * value**1.1) for value in range(40))
    cut.write_text(f"NumEW: 50\nEigenvalues:\n{{ {values} ;")
    assert run("info", cut) == 1
    assert "cut off" in capsys.readouterr().err
    assert run("predict", cut, "--model", small_model) == 1
    assert "(file cut off)" in capsys.readouterr().out
    assert run("predict", cut, "--model", small_model, "--json") == 1
    assert "cut off" in json.loads(capsys.readouterr().out)[0]["remark"]
    for option, name in (("--csv", "p.csv"), ("--out", "p.csv")):
        out = tmp_path / name
        assert run("predict", cut, whole, "--model", small_model, option, out) == 1
        assert "cut off" in capsys.readouterr().err
        with out.open(newline="") as stream:
            remarks = [row["remark"] for row in csv.DictReader(stream)]
        assert "cut off" in remarks[0]
        assert remarks[1] == ""
    for command_name, out in (("trace", "t.h5"), ("explain", "e.csv")):
        options = ("--model", small_model, "--out", tmp_path / out)
        assert run(command_name, cut, *options) == 1
        assert "cut off" in capsys.readouterr().err


def test_a_remark_is_said_again_when_an_interrupted_run_goes_on():
    report = BatchReport(3, [("a", "x")], [("b", "cut off")], [("c", "odd")])
    again = BatchReport.from_json(json.loads(json.dumps(report.to_json())))
    assert again == report
    reporter = Reporter()
    Speaker(reporter).report(again)
    assert (reporter.n_failed, reporter.n_doubted, reporter.exit_code) == (1, 1, 1)
