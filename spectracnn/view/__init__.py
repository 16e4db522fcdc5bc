"""Pure functions: what each panel shows, from document and selection.

The module can be called: ``spectracnn.view(spectra, model=model)`` of the Python API opens the
window, and Python gives a package's name to the module of the same name once that is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Open the window; see `spectracnn.api.view.view`."""
        return import_module("spectracnn.api.view").view(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
