import subprocess
import sys

_IMPORTED = """
import sys
from spectracnn.gui.tools.registry import TOOLS, import_all
pauses = []
import_all(lambda: pauses.append(1))
before = set(sys.modules)
for info in TOOLS:
    print(info.name, info.make.load().__name__)
assert set(sys.modules) == before
assert len(pauses) == len(TOOLS)
"""


def test_every_tool_is_there_once_all_are_imported():
    run = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "inspector InspectorTool" in run.stdout.splitlines()
