"""What the README tells people to type works."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from spectracnn.__main__ import run
from spectracnn.cli.main import make_parser
from spectracnn.cli.registry import commands

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
LINES = [shlex.split(line, comments=True) for block in BLOCKS for line in block.splitlines()]
EXAMPLES = [line[1:] for line in LINES if line[:1] == ["spectracnn"] and line[1:]]
COMMANDS = [words for words in EXAMPLES if words[0] in commands()]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Be in a folder like a checkout, where results may be written."""
    shutil.copytree(ROOT / "resources", tmp_path / "resources")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expanded(words: list[str]) -> list[str]:
    """Do what the shell does with a star."""
    found = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words]
    return [word for group in found for word in group]


def test_two_commands_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = [words[1] for words in LINES if words[:1] == ["make"]]
    assert told == ["run", "test"]
    assert all(f"\n{target}:" in makefile for target in told)


def test_links_lead_to_files():
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_named_paths_exist():
    named = re.findall(r"`([a-z_./0-9-]+/[A-Za-z_./0-9-]+)`", README + ARCHITECTURE)
    places = (ROOT, ROOT / "spectracnn")
    ours = [path for path in named if not path.startswith(".venv")]
    assert ours
    assert [path for path in ours if not any((place / path).exists() for place in places)] == []


def test_figures_are_those_of_the_card():
    card = json.loads((ROOT / "resources/models/shrec07.card.json").read_text(encoding="utf-8"))
    rows = [
        f"| {entry['subject']} | {entry['value']:.3f} | {entry['sd']:.3f} |"
        for entry in card["evaluation"]
    ]
    assert rows
    assert [row for row in rows if row not in README] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_examples_are_understood(words):
    make_parser().parse_args(words)


# Training takes minutes and has tests of its own.
@pytest.mark.parametrize(
    "words", [words for words in COMMANDS if words[0] != "train"], ids=" ".join
)
def test_examples_run(words, checkout, capsys):
    assert run(expanded(words)) == 0
    assert capsys.readouterr().err == ""
    if "--out" in words:
        assert (checkout / words[words.index("--out") + 1]).exists()
