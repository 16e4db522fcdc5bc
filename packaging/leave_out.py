"""What the frozen application leaves out, and why. Read by the spec."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KEPT_RESOURCES = ("data", "icons", "models", "samples", "styles")
"""With ``data``: the labelled spectra that a first training of one's own learns from."""

DISTRIBUTIONS = ("libclang", "grpcio", "google-pasta")
"""Requirements of TensorFlow that it does not import for what this application does."""

MODULES = (
    # Of other desktops and notebooks.
    "tkinter", "_tkinter", "IPython", "jupyter_rfb", "wx", "gi", "PyQt5", "PyQt6", "PySide2",
    # Of terminals; readline moreover is under the GPL.
    "readline", "rlcompleter", "curses", "_curses", "_curses_panel",
    # Of the tests and of packaging.
    "pytest", "_pytest", "hypothesis", "setuptools", "pip", "pkg_resources", "lib2to3",
    "matplotlib.testing", "matplotlib.tests",
    "scipy.conftest", "keras.src.testing",
    # Other backends of Keras, which may be installed beside TensorFlow.
    "torch", "torchvision", "jax", "jaxlib", "openvino", "tensorboard",
    "numba", "cupy", "OpenGL", "polars", "mapie",
    # Needed by libraries for what is never asked of them: servers, downloads, C headers.
    "clang", "grpc", "pasta",
    "pyqtgraph.opengl", "pyqtgraph.examples", "pyqtgraph.jupyter", "pyqtgraph.flowchart",
    # SciPy is needed by scikit-learn, which trains, by statistics and by meshes: all but this.
    "scipy.odr", "sklearn.datasets.data", "sklearn.datasets.descr", "sklearn.datasets.images",
    # matplotlib writes PNG by Pillow, and nothing else.
    "PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingtk", "PIL.ImageQt",
    "PySide6.QtTest",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtPdf",
)  # fmt: skip
"""Modules that PyInstaller is not to follow."""

FILES = (
    # Qt: languages, encryption of networks, keyboards on the screen, PDF and web images, other
    # screens than a desktop's.
    "PySide6/Qt/translations/*",
    "PySide6/translations/*",
    "PySide6/*plugins/tls/*",
    "PySide6/*plugins/networkinformation/*",
    "PySide6/*plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/*plugins/imageformats/*qpdf*",
    "PySide6/*plugins/imageformats/*qtiff*",
    "PySide6/*plugins/imageformats/*qwebp*",
    "PySide6/*plugins/imageformats/*qtga*",
    "PySide6/*plugins/imageformats/*qwbmp*",
    "PySide6/*plugins/imageformats/*qicns*",
    "PySide6/*plugins/platforms/*qeglfs*",
    "PySide6/*plugins/platforms/*qlinuxfb*",
    "PySide6/*plugins/platforms/*qvnc*",
    "PySide6/*plugins/platforms/*qvkkhrdisplay*",
    "PySide6/*plugins/platforms/*qminimalegl*",
    "PySide6/*plugins/egldeviceintegrations/*",
    "PySide6/*plugins/platformthemes/*gtk3*",
    "PySide6/*Qt6Qml*",
    "PySide6/*Qt6Quick*",
    "PySide6/*Qt6VirtualKeyboard*",
    "PySide6/*Qt6Pdf*",
    "PySide6/*Qt6EglF[Ss]*",
    # Headers and examples.
    "tensorflow/include/*",
    "matplotlib/mpl-data/sample_data/*",
    "matplotlib/mpl-data/images/*",
    "*/tests/*",
    "*.pyi",
)
"""Patterns of files below the folder."""


def keep(name: str) -> bool:
    """Tell whether a file is to be in the folder.

    Parameters
    ----------
    name : str
        Its path below the folder, with either kind of slash.
    """
    path = name.replace("\\", "/")
    return not any(fnmatchcase(path, pattern) for pattern in FILES)


def without_orphans(
    entries: list[tuple[str, str, str]], imports: Callable[[str], Iterable[str]]
) -> list[tuple[str, str, str]]:
    """Leave out the system's libraries that nothing needs any more.

    They came with plugins that are left out: Qt's theme for GNOME alone brings all of GTK.

    Parameters
    ----------
    entries : list of (name, source, kind)
        As PyInstaller collects them; the system's libraries lie at the top.
    imports : callable
        From a file to the names of the libraries that it is linked against.
    """
    loose = {
        name: source
        for name, source, kind in entries
        if kind == "BINARY" and "/" not in name and not name.startswith("libpython")
    }
    needed: set[str] = set()
    waiting = [source for name, source, kind in entries if kind != "SYMLINK" and name not in loose]
    while waiting:
        for name in imports(waiting.pop()):
            if name in loose and name not in needed:
                needed.add(name)
                waiting.append(loose[name])
    return [entry for entry in entries if entry[0] not in loose or entry[0] in needed]
