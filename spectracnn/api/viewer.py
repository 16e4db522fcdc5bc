"""The process of a window that `spectracnn.view` opened: it removes what was written for it."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import signal
import sys


def main() -> None:
    """Open the window with what the environment names; remove the folder when it is closed."""
    folder, *arguments = json.loads(os.environ.pop("SPECTRACNN_VIEW"))
    # Asked to end, it ends as if the person had closed it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.argv = ["spectracnn", "--new-window", *arguments]
    try:
        runpy.run_module("spectracnn", run_name="__main__", alter_sys=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
