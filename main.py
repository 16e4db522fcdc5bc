"""Double-click entry: opens the window. With a command, does that command instead."""

import multiprocessing
import sys


def start() -> None:
    """Start SpectraCNN."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file must say so itself)
        found = ".".join(str(number) for number in sys.version_info[:2])
        sys.exit(f"SpectraCNN needs Python 3.11 or newer; this is Python {found}.")
    from spectracnn.__main__ import main

    main()


if __name__ == "__main__":
    # The engine is a spawned child, which in a frozen application starts this file again.
    multiprocessing.freeze_support()
    start()
