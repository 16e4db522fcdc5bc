"""The models that the engine process holds: the current one, and some that were opened before."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.errors import ModelError

if TYPE_CHECKING:
    from spectracnn.engine.messages import OpenModel
    from spectracnn.nn.loaded_model import LoadedModel

MOST_KEPT = 4
MOST_PARAMETERS = 1 << 28
"""Of all models kept together, 1 GiB of weights; the latest one is kept whatever its size."""

_File = tuple[str, int, int]


class OpenedModels:
    """Opens models, and keeps them so that going back to one does not read its file again."""

    def __init__(self) -> None:
        self._current: LoadedModel | None = None
        self._before: LoadedModel | None = None
        self._kept: OrderedDict[_File, LoadedModel] = OrderedDict()

    def open(self, request: OpenModel) -> LoadedModel:
        """Make a model the current one.

        Raises
        ------
        ModelError, CardError
            If it cannot be opened; the current one stays.
        """
        model = self._get(request)
        self._before, self._current = self._current, model
        return model

    def undo(self) -> None:
        """Go back to the model before the last one opened."""
        self._current = self._before

    def of(self, request: OpenModel | None) -> LoadedModel:
        """Return the model that a question is about; the current one stays.

        Parameters
        ----------
        request : OpenModel or None
            None for the current model.

        Raises
        ------
        ModelError, CardError
            If there is none, or its file is not what it was.
        """
        if request is None:
            if self._current is None:
                raise ModelError("No model is open.")
            return self._current
        model = self._get(request)
        if request.sha256 and model.description.sha256 != request.sha256:
            raise ModelError(
                f"{Path(request.path).name}: the file has changed since it was opened.",
                "Open the model again.",
            )
        return model

    def _get(self, request: OpenModel) -> LoadedModel:
        from spectracnn.nn.loading import open_model, with_card

        file = _file(request.path)
        kept = self._kept.get(file)
        if kept is None:
            model = open_model(
                Path(request.path),
                request.card,
                memory_limit=request.memory_limit,
                length=request.length,
            )
        else:
            model = with_card(kept, request.card, length=request.length)
        model.warm_up()
        self._keep(file, model)
        return model

    def _keep(self, file: _File, model: LoadedModel) -> None:
        for other in [other for other in self._kept if other[0] == file[0]]:
            del self._kept[other]
        self._kept[file] = model
        while len(self._kept) > 1 and (
            len(self._kept) > MOST_KEPT
            or sum(item.description.n_params for item in self._kept.values()) > MOST_PARAMETERS
        ):
            self._kept.popitem(last=False)


def _file(path: str) -> _File:
    """Return what tells one state of a file from another."""
    try:
        found = Path(path).absolute().stat()
    except OSError as error:
        name = Path(path).name
        raise ModelError(f"{name}: cannot be read ({error.strerror or error}).") from error
    return str(Path(path).absolute()), found.st_size, found.st_mtime_ns
