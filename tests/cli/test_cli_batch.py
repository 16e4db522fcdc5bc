"""Commands over studies: resumed after kill -9 anywhere, complete and equal; clusters."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import h5py
import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.cli.batch import command, shards
from spectracnn.cli.main import main

pytestmark = pytest.mark.slow

TOTAL = 3000


def run(*words):
    return main([str(word) for word in words])


@pytest.fixture
def study(tmp_path, monkeypatch):
    """One HDF5 of many, a folder of few, one damaged file; shards are small."""
    draw = np.random.default_rng(0)
    values = np.cumsum(draw.random((TOTAL, 60)), axis=1)
    values[:, 0] = 0
    values[11, 5:] = np.nan  # too short for the model: a failed input
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["eigenvalues"] = values
        file["name"] = np.array([f"sub-{n:05}" for n in range(TOTAL)], dtype=object)
    (tmp_path / "more").mkdir()
    for n in range(20):
        np.savetxt(tmp_path / "more" / f"m{n:02}.txt", values[n] * 1.5)
    (tmp_path / "more" / "mesh.txt").write_text("OFF\n3 1 0\n0 0 0\n")
    frame = pd.DataFrame({"id": [f"sub-{n:05}" for n in range(0, TOTAL, 2)]})
    frame["age"] = np.arange(len(frame)) + 0.5
    frame["sex"] = "F"
    frame.to_csv(tmp_path / "t.csv", index=False)
    small(monkeypatch)
    return tmp_path


def small(monkeypatch):
    monkeypatch.setattr(shards, "LARGE", 1000)
    monkeypatch.setattr("spectracnn.io.slices.open_slices.__defaults__", (None, 1000))
    monkeypatch.setattr("spectracnn.cli.predict.PredictWork.rows", 256)
    monkeypatch.setattr("spectracnn.cli.trace.TraceWork.rows", 256)
    monkeypatch.setattr(command, "_LONG", 10**9)


CHILD = """
import signal, sys
# Children of a shell's background job are born with it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from spectracnn.cli.batch import local, shards
from spectracnn.io import slices
shards.LARGE = 1000
slices.open_slices.__defaults__ = (None, 1000)
local.run_local.__defaults__ = (0.0,)
from spectracnn.cli.explain_work import ExplainWork
from spectracnn.cli.plot_work import PlotWork
from spectracnn.cli.predict import PredictWork
from spectracnn.cli.spectrum_work import SpectrumWork
from spectracnn.cli.trace import TraceWork
PredictWork.rows = TraceWork.rows = 256
ExplainWork.rows, SpectrumWork.files, PlotWork.rows = 16, 2, 2
import os, time
from spectracnn.cli.batch.journal import Journal
record = Journal.record
def slowly(*words):
    part = record(*words)
    time.sleep(float(os.environ["PAUSE"]))
    return part
Journal.record = slowly
from spectracnn.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def in_child(*words, kill_after=None, sign=signal.SIGKILL):
    """Run a command in a process of its own; end it by a signal when so many parts are done."""
    words = [str(word) for word in words]
    out = words[words.index("--out") + 1]
    folder = os.path.join(os.path.dirname(out), f".{os.path.basename(out)}.spectracnn-unfinished")
    if not os.path.splitext(out)[1]:
        folder = os.path.join(out, ".spectracnn-unfinished")
    # Who is interrupted must not be done before; who is killed may be anywhere.
    pause = "0.2" if sign == signal.SIGINT else "0"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        env={**os.environ, "PAUSE": pause},
    )  # fmt: skip
    if kill_after is None:
        error = child.communicate(timeout=600)[1].decode()
        return child.returncode, error
    parts, pause = kill_after
    deadline = time.monotonic() + 600
    while child.poll() is None and time.monotonic() < deadline:
        done = 0
        with contextlib.suppress(OSError):
            done = sum(name.endswith(".json") for name in os.listdir(folder))
        if done >= parts:
            time.sleep(pause)
            break
        time.sleep(0.002)
    child.send_signal(sign)
    error = child.communicate(timeout=600)[1].decode()
    return child.returncode, error


def same(one, two):
    if one.suffix != ".h5":
        assert one.read_bytes() == two.read_bytes()
        return
    with h5py.File(one) as first, h5py.File(two) as second:
        names = []
        first.visit(names.append)
        others = []
        second.visit(others.append)
        assert names == others
        for name in names:
            if isinstance(first[name], h5py.Dataset):
                np.testing.assert_array_equal(first[name][()], second[name][()])
                assert dict(first[name].attrs) == dict(second[name].attrs)


@pytest.mark.parametrize(("name", "out"), [("predict", "o.csv"), ("trace", "o.h5")])
def test_killed_at_random_points_it_goes_on_and_ends_equal(study, small_model, name, out):
    words = [name, study / "all.h5", study / "more", "--model", small_model]
    words += ["--table", study / "t.csv"]
    whole = study / f"whole{out[1:]}"
    code, error = in_child(*words, "--out", whole)
    assert code == 1
    assert error.count("sub-00011") == 1
    assert error.count("mesh.txt") == 1
    random.seed(name)
    target = study / out
    for parts in (1, 6):
        code, _ = in_child(*words, "--out", target, kill_after=(parts, random.random() * 0.1))
        assert code in (-signal.SIGKILL, 1)
    code, error = in_child(*words, "--out", target)
    assert code == 1
    assert error.count("sub-00011") == 1
    assert "of them by an earlier run" in error
    same(target, whole)
    assert [path.name for path in study.glob(".*")] == []


def test_explain_goes_on_with_its_checks(study, small_model):
    with h5py.File(study / "few.h5", "w") as few, h5py.File(study / "all.h5") as whole:
        few["eigenvalues"], few["name"] = whole["eigenvalues"][:100], whole["name"][:100]
    words = ["explain", study / "few.h5", "--model", small_model, "--check"]
    words += ["--method", "gradient-input", "--table", study / "t.csv"]
    assert in_child(*words, "--out", study / "whole.h5")[0] == 1
    target = study / "o.h5"
    for parts in (1, 3):
        code, _ = in_child(*words, "--out", target, kill_after=(parts, 0.05))
        assert code in (-signal.SIGKILL, 1)
    code, error = in_child(*words, "--out", target)
    assert (code, "of them by an earlier run" in error) == (1, True)
    same(target, study / "whole.h5")
    table = study / "o.checks.csv"
    assert table.read_bytes() == (study / "whole.checks.csv").read_bytes()
    assert len(pd.read_csv(table)) == 99
    assert [path.name for path in study.glob(".*")] == []


def test_explain_computes_the_same_on_one_core_and_on_four(study, small_model, monkeypatch):
    with h5py.File(study / "few.h5", "w") as few, h5py.File(study / "all.h5") as whole:
        few["eigenvalues"], few["name"] = whole["eigenvalues"][:40], whole["name"][:40]
    from spectracnn.nn.attribution import attribute

    own, threads = attribute.attribute, set()

    def noted(*words, **named):
        threads.add(threading.current_thread())
        time.sleep(0.01)  # so that all of them get something
        return own(*words, **named)

    monkeypatch.setattr(attribute, "attribute", noted)
    for method in ("integrated-gradients", "expected-gradients", "occlusion"):
        for count in (1, 4):
            monkeypatch.setattr("spectracnn.cli.explain_work.cores", lambda count=count: count)
            threads.clear()
            words = ["explain", study / "few.h5", "--model", small_model, "--method", method]
            assert run(*words, "--out", study / f"{method}{count}.h5") == 1
            assert len(threads) == count
        same(study / f"{method}1.h5", study / f"{method}4.h5")


def read_all(out):
    paths = sorted(out.glob("*.ev")) if out.is_dir() else [out]
    return [spectrum for path in paths for spectrum in io.read(path)]


@pytest.mark.parametrize("out", ["o.csv", "o.h5", "o.parquet", "folder"])
def test_spectrum_goes_on_and_ends_equal(tmp_path, out):
    lines = "OFF\n8 12 0\n" + "\n".join(f"{x} {y} {z}" for x in (0, 1) for y in (0, 1)
                                          for z in (0, 1))  # fmt: skip
    cells = "0 1 3,0 3 2,4 6 7,4 7 5,0 4 5,0 5 1,2 3 7,2 7 6,0 2 6,0 6 4,1 5 7,1 7 3"
    lines += "".join(f"\n3 {cell}" for cell in cells.split(","))
    (tmp_path / "m").mkdir()
    for number in range(9):
        (tmp_path / "m" / f"sub-{number}.off").write_text(
            lines.replace("1 1 1", f"1 1 {number + 2}")
        )
    (tmp_path / "m" / "bad.off").write_text("OFF\n1 1 0\n0 0 0\n3 0 0 0\n")
    (tmp_path / "t.csv").write_text("id,age,site\nsub-3,41,Oslo\nsub-4,,Bergen\n")
    words = ["spectrum", tmp_path / "m", "-k", "20", "--refine", "3", "--no-cache"]
    words += ["--table", tmp_path / "t.csv"]
    whole, target = (tmp_path / f"{name}{out[1:]}" for name in ("w", "o"))
    code, error = in_child(*words, "--out", whole)
    assert (code, error.count("bad.off")) == (1, 1)
    code, _ = in_child(*words, "--jobs", "1", "--out", target, kill_after=(2, 0))
    assert code in (-signal.SIGKILL, 1)
    code, error = in_child(*words, "--out", target)
    assert (code, error.count("bad.off")) == (1, 1)
    assert "of them by an earlier run" in error
    found, expected = map(read_all, (target, whole))
    assert [one.name for one in found] == [f"sub-{number}" for number in range(9)]
    for one, two in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.eigenvalues, two.eigenvalues)
        assert (one.area, dict(one.metadata)) == (two.area, dict(two.metadata))
    assert float(found[3].metadata["age"]) == 41.0
    assert not found[4].metadata.get("age")
    assert found[4].metadata["site"] == "Bergen"
    assert not list(tmp_path.rglob(".*"))


def test_plot_goes_on_and_ends_with_the_same_figures(tmp_path):
    draw = np.random.default_rng(0)
    for number in range(12):
        values = np.cumsum(draw.random(30))
        with h5py.File(tmp_path / f"f{number:02}.h5", "w") as file:
            file["eigenvalues"], file["name"] = values, f"shape/{number // 2}"
    files = sorted(tmp_path.glob("f*.h5"))
    words = ["plot", *files, "--panels", "spectrum", "--dpi", "40"]
    assert in_child(*words, "--out", tmp_path / "whole")[0] == 0
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(names) == 12
    assert {"shape_0-spectrum.png", "shape_0-2-spectrum.png"} <= set(names)
    target = tmp_path / "part"
    code, _ = in_child(*words, "--out", target, kill_after=(3, 0))  # two, and one being noted
    assert code == -signal.SIGKILL
    assert 0 < len(list(target.glob("*.png"))) < 12
    before = {path.name: path.stat().st_mtime_ns for path in target.glob("*.png")}
    code, error = in_child(*words, "--out", target)
    assert (code, "of them by an earlier run" in error) == (0, True)
    assert sorted(path.name for path in target.iterdir()) == names
    kept = [name for name, time in before.items() if (target / name).stat().st_mtime_ns == time]
    assert len(kept) >= 4  # not drawn again
    for name in names:
        assert (target / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "out"),
    [("predict", "o.parquet"), ("trace", "o.h5"), ("explain", "o.csv")],
)
def test_interrupted_from_the_keyboard_it_says_how_to_go_on(study, small_model, name, out):
    data = study / "all.h5"
    if name == "explain":
        data = study / "few.h5"
        with h5py.File(data, "w") as few, h5py.File(study / "all.h5") as whole:
            few["eigenvalues"], few["name"] = whole["eigenvalues"][:120], whole["name"][:120]
    words = [name, data, "--model", small_model]
    whole, target = study / f"whole{out[1:]}", study / out
    assert in_child(*words, "--out", whole)[0] == 1
    interrupted(*words, "--out", target)
    assert not target.exists()
    code, error = in_child(*words, "--out", target)
    assert (code, "of them by an earlier run" in error) == (1, True)
    if name == "explain":  # the head says when it was written
        one, two = (read_rows(path) for path in (target, whole))
        assert len(one) == 120  # a header and 119
        assert one == two
    else:
        same(target, whole)
    assert [path.name for path in study.glob(".*")] == []


def interrupted(*words):
    """Interrupt a command after some parts as Ctrl+C does; it must say how to go on."""
    code, error = in_child(*words, kill_after=(3, 0), sign=signal.SIGINT)
    assert code == 130
    assert "the same command goes on from there" in error
    assert "Traceback" not in error


def read_rows(path):
    return [line for line in path.read_text().splitlines() if not line.startswith("#")]


def test_figures_are_gone_on_with_after_an_interruption(tmp_path):
    draw = np.random.default_rng(0)
    for number in range(14):
        with h5py.File(tmp_path / f"f{number:02}.h5", "w") as file:
            file["eigenvalues"], file["name"] = np.cumsum(draw.random(30)), f"shape {number}"
    words = ["plot", *sorted(tmp_path.glob("f*.h5")), "--panels", "spectrum", "--dpi", "40"]
    assert in_child(*words, "--out", tmp_path / "whole")[0] == 0
    interrupted(*words, "--out", tmp_path / "part")
    assert 0 < len(list((tmp_path / "part").glob("*.png"))) < 14
    code, error = in_child(*words, "--out", tmp_path / "part")
    assert (code, "of them by an earlier run" in error) == (0, True)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("whole", "part")
    )
    assert len(one) == 14
    assert one == two


def test_spectra_of_meshes_are_gone_on_with_after_an_interruption(tmp_path):
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    cells = "0 1 3,0 3 2,4 6 7,4 7 5,0 4 5,0 5 1,2 3 7,2 7 6,0 2 6,0 6 4,1 5 7,1 7 3".split(",")
    for number in range(12):
        points = [(x, y, z * (1 + number / 10)) for x, y, z in corners]
        lines = ["OFF", "8 12 0", *(f"{x} {y} {z}" for x, y, z in points)]
        lines += [f"3 {cell}" for cell in cells]
        (tmp_path / f"m{number:02}.off").write_text("\n".join(lines))
    words = ["spectrum", *sorted(tmp_path.glob("*.off")), "-k", "20", "--refine", "3"]
    words += ["--no-cache"]
    assert in_child(*words, "--out", tmp_path / "whole.h5")[0] == 0
    interrupted(*words, "--out", tmp_path / "o.h5")
    assert not (tmp_path / "o.h5").exists()
    code, error = in_child(*words, "--out", tmp_path / "o.h5")
    assert (code, "of them by an earlier run" in error) == (0, True)
    same(tmp_path / "o.h5", tmp_path / "whole.h5")
    assert not list(tmp_path.glob(".*"))


def test_one_part_and_many_give_the_same_trace(study, small_model, monkeypatch):
    words = ["trace", study / "all.h5", "--model", small_model]
    assert run(*words, "--out", study / "one.h5") == 1
    monkeypatch.setattr("spectracnn.cli.batch.local.run_local.__defaults__", (0.0,))
    assert run(*words, "--out", study / "many.h5") == 1
    same(study / "one.h5", study / "many.h5")


def test_options_of_traces(study, small_model):
    words = ["trace", study / "more", "--model", small_model]
    assert run(*words, "--out", study / "all32.h5") == 1
    code = run(
        *words, "--layers", "conv2", "--dtype", "float16", "--compression", "gzip",
        "--out", study / "some.h5",
    )  # fmt: skip
    assert code == 1
    with h5py.File(study / "all32.h5") as whole, h5py.File(study / "some.h5") as part:
        assert list(part["layers"]) == ["02_conv2"]
        found = part["layers/02_conv2"]
        assert (found.dtype, found.compression) == (np.float16, "gzip")
        np.testing.assert_allclose(found[()], whole["layers/02_conv2"][()], rtol=2e-3, atol=1e-6)
        np.testing.assert_array_equal(part["output"], whole["output"])
    assert run(*words, "--layers", "conv9", "--out", study / "x.h5") == 2
    assert run(*words, "--layers", "", "--out", study / "x.h5") == 2
    assert run(*words, "--out", study / "x.csv") == 2  # HDF5 under this name would mislead
    assert not (study / "x.csv").exists()


def texts(dataset):
    return dataset.asstr()[:] if dataset.dtype == object else dataset[:]


def test_predictions_with_covariates_open_in_pandas(study, small_model):
    words = ["predict", study / "all.h5", "--model", small_model, "--table", study / "t.csv"]
    frames = {}
    for suffix in ("csv", "parquet", "h5"):
        assert run(*words, "--out", study / f"p.{suffix}") == 1
    frames["csv"] = pd.read_csv(study / "p.csv", keep_default_na=False, na_values=[""])
    frames["parquet"] = pd.read_parquet(study / "p.parquet")
    with h5py.File(study / "p.h5") as file:
        frames["h5"] = pd.DataFrame({key: texts(file[key]) for key in file})
    for frame in frames.values():
        assert len(frame) == TOTAL - 1
        assert {"name", "class", "probability", "age", "sex"} <= set(frame)
        row = frame[frame.name == "sub-00004"].iloc[0]
        assert (row.age, row.sex) == (2.5, "F")
        assert np.isnan(frame[frame.name == "sub-00005"].iloc[0].age)
    np.testing.assert_array_equal(frames["csv"].probability, frames["parquet"].probability)


def test_json_is_streamed_and_the_same_as_before(study, small_model, capsys):
    assert run("predict", study / "more", "--model", small_model, "--json") == 1
    text = capsys.readouterr().out
    records = json.loads(text)
    assert len(records) == 19
    assert text == json.dumps(records, indent=2, ensure_ascii=False) + "\n"


def test_another_command_does_not_go_on_with_these_parts(study, small_model):
    target = study / "o.csv"
    words = ["predict", study / "all.h5", "--model", small_model, "--out", target]
    in_child(*words, kill_after=(2, 0))
    assert list(study.glob(".o.csv*"))
    code, error = in_child("predict", study / "more", "--model", small_model, "--out", target)
    assert code == 1
    assert "earlier run" not in error
    assert len(pd.read_csv(target)) == 19


def test_restart_forgets_what_was_done(study, small_model):
    words = ["predict", study / "all.h5", "--model", small_model, "--out", study / "o.csv"]
    in_child(*words, kill_after=(2, 0))
    code, error = in_child(*words, "--restart")
    assert code == 1
    assert "earlier run" not in error


def test_a_full_disk_is_one_sentence_and_can_be_resumed(study, small_model, monkeypatch, capsys):
    words = ["predict", study / "all.h5", "--model", small_model, "--out", study / "o.csv"]
    monkeypatch.setattr("spectracnn.cli.batch.local.run_local.__defaults__", (0.0,))
    from spectracnn.io.columns_file import ColumnsWriter

    own, calls = ColumnsWriter._flush, []

    def full(self):
        calls.append(1)
        if len(calls) == 4:
            from spectracnn.errors import ExportError

            raise ExportError("o.csv: cannot be written (No space left on device).")
        own(self)

    with monkeypatch.context() as patch:
        patch.setattr(ColumnsWriter, "_flush", full)
        assert run(*words) == 2
    assert "No space left" in capsys.readouterr().err
    assert run(*words) == 1
    assert "767 of them by an earlier run" in capsys.readouterr().err
    assert len(pd.read_csv(study / "o.csv")) == TOTAL - 1


def test_memory_does_not_follow_the_number(tmp_path, small_model):
    code = (
        "import resource, sys\nfrom spectracnn.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for count in (10_000, 40_000):
        path = tmp_path / f"{count}.h5"
        with h5py.File(path, "w") as file:
            file["eigenvalues"] = np.cumsum(np.random.default_rng(0).random((count, 60)), axis=1)
            file["name"] = np.array([f"s{n}" for n in range(count)], dtype=object)
        words = ["predict", path, "--model", small_model, "--out", tmp_path / "o.parquet"]
        own = [sys.executable, "-c", code, *map(str, words)]
        done = subprocess.run(own, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]) / 1024)
    assert peaks[1] - peaks[0] < 40


def test_a_cluster_gives_the_same_though_a_worker_is_killed(study, small_model, monkeypatch):
    from distributed import Client, LocalCluster

    monkeypatch.setattr("spectracnn.cli.batch.local.run_local.__defaults__", (0.0,))
    words = ["trace", study / "all.h5", study / "more", "--model", small_model]
    # In a process of its own, as workers are: an earlier test may have imported TensorFlow here
    # with oneDNN, which the program switches off.
    alone = [str(word) for word in (*words, "--out", study / "here.h5")]
    assert subprocess.run([sys.executable, "-c", _ALONE, *alone], check=False).returncode == 1
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=50,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        pids = list(client.run(os.getpid).values())
        seen = []
        say = command.Speaker.report

        def killing(self, report):
            seen.append(1)
            if len(seen) == 3:
                os.kill(pids[0], signal.SIGKILL)
            say(self, report)

        monkeypatch.setattr(command.Speaker, "report", killing)
        address = cluster.scheduler_address
        assert run(*words, "--out", study / "there.h5", "--scheduler", address) == 1
    same(study / "here.h5", study / "there.h5")


# The same bits are promised for the same batches.
_ALONE = """
import sys
from spectracnn.io import slices
slices.open_slices.__defaults__ = (None, 1000)
from spectracnn.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("address", ["local:", "local:x", "nonsense"])
def test_a_scheduler_that_is_none_is_one_sentence(study, small_model, address, capsys):
    words = ["predict", study / "more", "--model", small_model, "--out", study / "o.csv"]
    assert run(*words, "--scheduler", address) == 2
    assert "--scheduler" in capsys.readouterr().err.splitlines()[-1]
