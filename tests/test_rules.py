"""Rules of CONTRIBUTING.md that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "spectracnn"

CATCHES_ANYTHING = {
    # The outermost loop of a process or a thread: one that ended would leave a request without end.
    "cli/batch/cluster.py": 1,
    "cli/main.py": 1,
    "engine/conversation.py": 3,
    "jobs/child.py": 1,
    "jobs/job.py": 1,
    "jobs/serving.py": 2,
    "jobs/supervisor.py": 2,
    "gui/dialogs/import_table/import_reader.py": 1,
    "gui/export/worker.py": 2,
    "gui/start/smoke.py": 1,
    "gui/tools/cohort/runner.py": 1,
    "gui/tools/shape/solving.py": 1,
    "gui/workspace/file_reader.py": 1,
    "gui/workspace/reading.py": 1,
    # Calls into a library that raises anything.
    "io/participants.py": 1,
    "nn/loading.py": 1,
    "nn/train/architecture_file.py": 1,
}


def test_only_these_places_catch_exception():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        count = len(re.findall(r"except Exception\b", path.read_text(encoding="utf-8")))
        if count:
            found[path.relative_to(PACKAGE).as_posix()] = count
    more = {place: n for place, n in found.items() if n > CATCHES_ANYTHING.get(place, 0)}
    assert not more
