"""The least that a program with a plot does: the launch of SpectraCNN is compared with it."""

from __future__ import annotations

import sys


def main() -> None:
    """Show a window with one plot, and say when it is shown."""
    import pyqtgraph as pg
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    from spectracnn.gui.start.timing import mark

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    plot = pg.PlotWidget()
    plot.plot(list(range(200)))
    window.setCentralWidget(plot)
    window.resize(1280, 800)
    window.show()
    QTimer.singleShot(0, lambda: mark("window_shown"))
    application.exec()


if __name__ == "__main__":
    main()
