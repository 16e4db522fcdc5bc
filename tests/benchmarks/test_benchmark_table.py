"""The registry and the table, with made-up measurements: nothing is measured here."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def checkout(monkeypatch):
    """Benchmarks are run from the checkout and are not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.fixture
def registry():
    from benchmarks import registry

    return registry


@pytest.fixture
def results(registry):
    """Every figure exactly on its target."""
    made = {name: {"name": name} for name in registry.BENCHMARKS}
    for figure in registry.FIGURES:
        made[figure.benchmark][figure.key] = figure.target
    return made


def test_every_benchmark_has_a_module_and_a_figure(registry):
    for name in registry.BENCHMARKS:
        assert importlib.util.find_spec(f"benchmarks.{name}") is not None
    assert {figure.benchmark for figure in registry.FIGURES} == set(registry.BENCHMARKS)


def test_targets_are_met_at_the_limit_and_missed_beyond(registry, results):
    for figure in registry.FIGURES:
        assert figure.judge(results).met
        beyond = 0.99 if figure.sense == ">=" else 1.01
        assert not figure.judge({figure.benchmark: {figure.key: figure.target * beyond}}).met


def test_what_was_not_run_has_no_verdict(registry):
    assert registry.FIGURES[0].judge({}) is None


def test_table_says_what_falls_short():
    from benchmarks.figure import Figure
    from benchmarks.table import markdown

    figures = [
        Figure("a", "ratio", "Speed", "a peer", ">=", 2.0),
        Figure("b", "ms", "Time", "", "<=", 16, "ms", "cpu"),
    ]
    results = {"a": {"ratio": 3.14159}, "b": {"ms": 20.04, "cpu": 12.5}}
    lines = markdown([figure.judge(results) for figure in figures]).splitlines()
    assert len({len(line) for line in lines}) == 1
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert cells == [
        ["Speed", "a peer", "3.14×", "≥ 2×", "met"],
        ["Time", "–", "20.0 ms (12.5 ms of the processor)", "≤ 16 ms", "**falls short**"],
    ]


def test_readme_has_a_place_for_the_table(tmp_path):
    from benchmarks.table import BEGIN, END, update_readme

    readme = tmp_path / "README.md"
    readme.write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    update_readme(readme, "| new |")
    update_readme(readme, "| newer |")
    text = readme.read_text(encoding="utf-8")
    assert f"{BEGIN}\n| newer |\n{END}" in text
    assert "| new |" not in text


def test_readme_without_a_place_is_refused(tmp_path):
    from benchmarks.table import update_readme

    readme = tmp_path / "README.md"
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marks"):
        update_readme(readme, "| new |")


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 2)])
def test_one_that_fails_costs_only_itself(
    broken, code, registry, results, monkeypatch, tmp_path, capsys
):
    from benchmarks.__main__ import main

    def load(name):
        def run():
            if broken and name == "reading":
                raise OSError("no such luck")
            return results[name]

        return run

    monkeypatch.setattr(registry, "load", load)
    out = tmp_path / "out.json"
    words = ["--only", "reading", "--only", "pan", "--json", str(out)]
    assert main(words) == code
    report = json.loads(out.read_text(encoding="utf-8"))
    assert list(report["measurements"]) == (["pan"] if broken else ["reading", "pan"])
    assert all(figure["met"] for figure in report["figures"])
    assert str(ROOT) not in out.read_text(encoding="utf-8")
    assert "panning" in capsys.readouterr().out


def test_table_of_the_readme_is_of_one_run(monkeypatch, capsys):
    from benchmarks.__main__ import main

    with pytest.raises(SystemExit):
        main(["--only", "pan", "--update-readme"])
