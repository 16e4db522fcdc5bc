"""The entry of the command line."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from spectracnn import __version__
from spectracnn.cli.missing import is_ours, missing_package
from spectracnn.cli.registry import commands
from spectracnn.cli.reporting import complain, print_stderr
from spectracnn.errors import ExportError, OperationCancelled, SpectraCNNError
from spectracnn.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, SOME_FAILED, WRONG = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141
"""As shells report a program ended by Ctrl+C and by a closed pipe."""

_DESCRIPTION = "See why a Keras Conv1D network classifies a Laplace-Beltrami spectrum as it does."
_EPILOG = """\
Without a command, 'spectracnn [FILES...]' opens the window; a file that is called like a command
is given as ./info. Exit code: 0 all done; 1 some inputs failed, the others are done;
2 wrong usage, or a model or output that cannot be used. --debug shows a traceback of errors.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; else those of the process.

    Returns
    -------
    int
        0 all done, 1 some inputs failed, 2 wrong usage or model.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Taken out by hand, so that it may stand anywhere.
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        _let_stdout_take_any_name()
        code = _run(words)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _drop_stdout()
        return PIPE_CLOSED
    except OSError as error:
        if error.filename is not None:
            return _unexpected(error, debug)
        _drop_stdout()
        complain(ExportError(f"stdout: cannot be written ({error.strerror or error})."))
        return WRONG
    except (KeyboardInterrupt, OperationCancelled):
        return INTERRUPTED
    except ImportError as error:
        if debug or is_ours(error):
            traceback.print_exc()
        else:
            print_stderr(missing_package(error))
        return WRONG
    except SpectraCNNError as error:
        if debug:
            traceback.print_exc()
        complain(error)
        return WRONG
    except Exception as error:  # noqa: BLE001  (the last resort: one line instead of a traceback)
        return _unexpected(error, debug)


def _unexpected(error: Exception, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    else:
        what = printable(" ".join(f"{type(error).__name__}: {error}".split()))
        print_stderr(f"spectracnn: unexpected {what}; run with --debug for the traceback")
    return WRONG


def _let_stdout_take_any_name() -> None:
    """Let a terminal that lacks a letter show its escape, instead of ending the command."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _drop_stdout() -> None:
    # Python would complain once more at exit, when it flushes what nobody takes.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _run(words: list[str]) -> int:
    try:
        parser = make_parser(words[:1])
        if words[:1] == ["predict"]:
            from spectracnn.cli.predict import complete

            words = complete(words)
        args = parser.parse_args(words)
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    return int(args.run(args))


def make_parser(chosen: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser.

    Parameters
    ----------
    chosen : sequence of str
        Where it names a command, only that command's module is imported.
    """
    parser = argparse.ArgumentParser(
        prog="spectracnn",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"spectracnn {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    known = commands()
    names = [name for name in chosen if name in known] or list(known)
    for name in names:
        module = import_module(known[name])
        module.add_parser(subparsers)
        subparsers.choices[name].set_defaults(run=module.run)
    return parser
