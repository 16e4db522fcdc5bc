"""The first second: a splash, then the window; or files for the window that is open already.

Only what the splash needs is imported at the top: the rest takes most of that second.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from spectracnn.gui.settings import Settings
from spectracnn.gui.start.desktop import make_qt_application
from spectracnn.gui.start.single_instance import SingleInstance
from spectracnn.gui.start.splash import Splash
from spectracnn.gui.start.start_options import StartOptions
from spectracnn.gui.start.timing import mark
from spectracnn.gui.stored_settings import reset, set_aside_corrupt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spectracnn.gui.messages import Message
    from spectracnn.gui.start.desktop import DesktopApplication


def main(paths: Iterable[Path | str] = (), **options: Any) -> int:
    """Open the window and run until it is closed.

    Parameters
    ----------
    paths : iterable of path
        Spectrum files, folders and models to open.
    **options
        ``start``: `StartOptions`.

    Returns
    -------
    int
        The process's exit code.
    """
    files, start = list(paths), options.get("start") or StartOptions()
    qt_application = make_qt_application(sys.argv[:1])
    note = reset() if start.reset else set_aside_corrupt()
    instance = None
    if not start.new_window and start.smoke_test is None and Settings().single_window:
        instance = SingleInstance()
        wanted = [*filter(None, [start.model]), *files]
        if not instance.claim() and wanted and instance.hand_over(wanted):
            return 0
    splash = Splash()
    splash.show_at_once()
    mark("splash_shown")
    try:
        return _run(qt_application, splash, instance, files, note, start)
    finally:
        if instance is not None:
            instance.close()


def _run(
    qt_application: DesktopApplication,
    splash: Splash,
    instance: SingleInstance | None,
    files: list[Path | str],
    note: Message | None,
    start: StartOptions,
) -> int:
    from spectracnn.gui.start.app import Application

    program = Application(qt_application, start.model)
    qt_application.fileOpenRequested.connect(program.receive_file)
    if instance is not None:
        instance.filesReceived.connect(program.receive_files)
    before, sys.excepthook = sys.excepthook, program.unexpected.hook
    try:
        program.show(files)
        splash.close()
        if note is not None:
            program.window.show_message(note)
        if start.smoke_test is None:
            program.keep_session()
            return qt_application.exec()
        from spectracnn.gui.start.smoke import SmokeTest

        test = SmokeTest(program, qt_application, start.smoke_test)
        return qt_application.exec() or test.exit_code
    finally:
        sys.excepthook = before
        program.close()
