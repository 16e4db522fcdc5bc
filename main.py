#!/usr/bin/env python3
"""Double-click entry: opens the window. With a command, does that command instead."""

import multiprocessing
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def start():
    """Start SpectraCNN; in a checkout that is not installed, say what to do."""
    if not getattr(sys, "frozen", False):
        from spectracnn.cli import checkout, notice

        problem = checkout.problem(HERE, sys.argv[1:])
        python = checkout.own_python(HERE) if problem else None
        if python is not None:
            sys.exit(checkout.start_again(python, HERE / "main.py", sys.argv[1:]))
        if problem:
            notice.report(problem)
            sys.exit(2)
    from spectracnn.__main__ import main

    main()


if __name__ == "__main__":
    # The engine is a spawned child, which in a frozen application starts this file again.
    multiprocessing.freeze_support()
    start()
