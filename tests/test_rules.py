"""Rules of CONTRIBUTING.md that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "spectracnn"

CATCHES_ANYTHING = {
    # The outermost loop of a process or a thread: one that ended would leave a request without end.
    "cli/main.py": 1,
    "engine/conversation.py": 2,
    "gui/start/smoke.py": 1,
    "jobs/attempt.py": 1,  # for all threads of the window
    "jobs/serving.py": 1,
    "jobs/supervisor.py": 1,
    # Calls into a library that raises anything.
    "cli/batch/cluster.py": 1,
    "io/participants.py": 1,
    "jobs/child.py": 1,
    "nn/loading.py": 1,
    "nn/train/architecture_file.py": 1,
}


def test_only_these_places_catch_exception():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        count = len(re.findall(r"except Exception\b", path.read_text(encoding="utf-8")))
        if count:
            found[path.relative_to(PACKAGE).as_posix()] = count
    assert found == CATCHES_ANYTHING


def test_each_of_them_says_why():
    for path in sorted(PACKAGE.rglob("*.py")):
        for line in re.findall(r"except Exception\b.*", path.read_text(encoding="utf-8")):
            reason = re.sub(r"noqa: \w+|[#()]", "", line.partition(":")[2]).strip()
            assert len(reason.split()) >= 4, (path.name, line)


TESTS = Path(__file__).parent
BESIDE_THE_PACKAGE = {"benchmarks", "packaging"}


def test_the_folders_of_tests_are_those_of_the_package():
    """So that the tests of a folder are found by its name; files are named by what they check.

    A folder of the package without one of its own is tested in that of its parent.
    """
    tests = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    package = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")}
    assert {folder.as_posix() for folder in tests - package} == BESIDE_THE_PACKAGE


def test_no_two_test_files_have_one_name():
    names = [path.name for path in TESTS.rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_no_function_of_tensorflow_reads_source_code():
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "tf.function":
                given = {word.arg: ast.unparse(word.value) for word in node.keywords}
                found.append((path.name, given.get("autograph")))
    assert found
    assert {given for _, given in found} == {"False"}  # a frozen application has no source code
