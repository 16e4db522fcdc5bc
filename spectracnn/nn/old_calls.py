"""How older versions of Keras stored the calls of layers, put into the words of Keras 3."""

from __future__ import annotations

from typing import Any

_DEEPEST = 200
_RECURRENT = frozenset("LSTM GRU SimpleRNN RNN Bidirectional ConvLSTM1D ConvLSTM2D".split())


def without_slashes(value: Any) -> Any:
    """Return a configuration in whose names of layers a slash is an underscore; Keras 3 has none.

    Weights are found by the order of the layers, not by these names.
    """
    names: set[str] = set()
    _collect(value, names, 0)
    return _renamed(value, {name: name.replace("/", "_") for name in names}, 0) if names else value


def _collect(value: Any, names: set[str], depth: int) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        config = value.get("config")
        if isinstance(config, dict) and isinstance(value.get("class_name"), str):
            for name in (config.get("name"), value.get("name")):
                if isinstance(name, str) and "/" in name:
                    names.add(name)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _collect(item, names, depth + 1)


def _renamed(value: Any, names: dict[str, str], depth: int) -> Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _renamed(item, names, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names, depth + 1) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def rewrite_calls(value: Any, depth: int = 0) -> None:
    """Rewrite calls with tensors among their keywords, which Keras 3 reads in its own words only.

    So stood the values of an attention, and the states that a recurrent layer begins with.
    """
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        layers = value.get("layers")
        for layer in layers if isinstance(layers, list) else []:
            if isinstance(layer, dict) and isinstance(layer.get("inbound_nodes"), list):
                _rewrite_layer(layer)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            rewrite_calls(item, depth + 1)


def _rewrite_layer(layer: dict[str, Any]) -> None:
    calls = [_rewritten(layer, call) for call in layer["inbound_nodes"]]
    if any(new is not None for new in calls):
        layer["inbound_nodes"] = [
            old if new is None else new
            for old, new in zip(layer["inbound_nodes"], calls, strict=True)
        ]
        layer.pop("build_config", None)  # it does not say the shapes of the others


def _rewritten(layer: dict[str, Any], call: Any) -> dict[str, Any] | None:
    """Return one call in the words of Keras 3; None where it can stay as it is."""
    if not isinstance(call, list) or not call or not all(_is_entry(entry) for entry in call):
        return None
    keywords: dict[str, Any] = {}
    for entry in call:
        if len(entry) == 4 and isinstance(entry[3], dict):
            keywords |= {key: item for key, item in entry[3].items() if item is not None}
    states = len(call) > 1 and layer.get("class_name") in _RECURRENT
    if not states and not any(_is_reference(item) for item in keywords.values()):
        return None
    tensors = [_tensor(entry) for entry in call]
    if states:
        keywords = {**keywords, "initial_state": call[1:]}
        tensors = tensors[:1]
    arguments: list[Any] = tensors if len(tensors) == 1 else [tensors]
    return {"args": arguments, "kwargs": {key: _plain(item) for key, item in keywords.items()}}


def _is_entry(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(item, int) for item in value[1:3])
    )


def _is_reference(value: Any) -> bool:
    """Whether this is a tensor, or a list of them."""
    if _is_entry(value):
        return True
    return isinstance(value, list) and bool(value) and all(_is_entry(item) for item in value)


def _plain(value: Any) -> Any:
    if _is_entry(value):
        return _tensor(value)
    return [_tensor(item) for item in value] if _is_reference(value) else value


def _tensor(entry: list[Any]) -> dict[str, Any]:
    """Return a reference to a tensor; its shape is not read, only where it comes from."""
    config = {"shape": [None], "dtype": "float32", "keras_history": entry[:3]}
    return {"class_name": "__keras_tensor__", "config": config}
