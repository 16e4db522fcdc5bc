"""Re-applies a model's layers to a fresh input and records every layer's output on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras

FUSED = frozenset(
    """Conv1D Conv2D SeparableConv1D SeparableConv2D DepthwiseConv1D DepthwiseConv2D
    Conv1DTranspose Conv2DTranspose Dense EinsumDense""".split()
)
"""Layers that apply an activation as their last act, so that it can be split off."""


@dataclass(frozen=True)
class Record:
    """One call of one layer.

    Parameters
    ----------
    name : str
        Unique; nested layers are ``outer/inner``, later calls of a shared layer end in ``:2``.
    layer : keras.Operation
        The layer.
    inputs : tuple
        Symbolic tensors that went in.
    before : KerasTensor or None
        Before a fused activation.
    output : KerasTensor
        What came out.
    """

    name: str
    layer: Any
    inputs: tuple[Any, ...]
    before: Any
    output: Any


@dataclass
class Recorder:
    """Collects the records of a walk through a model.

    Attributes
    ----------
    records : list of Record
        In forward order.
    """

    records: list[Record] = field(default_factory=list)
    _linear: dict[int, Any] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    def walk(self, model: Any, inputs: Any, prefix: str = "") -> Any:
        """Send symbolic inputs through a model, its nested models included.

        ``layer.output`` would be the first call's only, and unconnected for nested models, so
        every layer is applied again; the weights are shared.

        Parameters
        ----------
        model : keras.Model
            Sequential or Functional.
        inputs : KerasTensor or structure of them
            What goes in.
        prefix : str
            Put before the names.

        Returns
        -------
        KerasTensor or structure of them
            What comes out.

        Raises
        ------
        ModelError
            If the model exposes no graph.
        """
        _, keras = load_keras()
        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                inputs = self._call(prefix, layer, inputs)
            return inputs
        if not hasattr(model, "_run_through_graph"):
            raise ModelError(
                f"Layer '{model.name}' is a subclassed model, which exposes no layers to look at."
            )

        def call(operation: Any, *args: Any, **kwargs: Any) -> Any:
            return self._call(prefix, operation, *args, **kwargs)

        return model._run_through_graph(inputs, operation_fn=lambda op: op, call_fn=call)

    def _call(self, prefix: str, layer: Any, *args: Any, **kwargs: Any) -> Any:
        _, keras = load_keras()
        if isinstance(layer, keras.layers.InputLayer):
            return args[0]
        if isinstance(layer, keras.Model):
            return self.walk(
                layer, args[0] if len(args) == 1 else list(args), f"{prefix}{layer.name}/"
            )
        before, output = self._apply(layer, args, kwargs)
        tensors = keras.tree.flatten((args, kwargs))
        inputs = tuple(item for item in tensors if isinstance(item, keras.KerasTensor))
        name = self._unique(f"{prefix}{layer.name}")
        first = keras.tree.flatten(output)[0]
        self.records.append(Record(name, layer, inputs, before, first))
        return output

    def _apply(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        _, keras = load_keras()
        if isinstance(layer, keras.layers.Layer):
            kwargs = {key: value for key, value in kwargs.items() if key != "training"}
        activation = getattr(layer, "activation", None)
        if type(layer).__name__ not in FUSED or activation in (None, keras.activations.linear):
            return None, layer(*args, **kwargs)
        before = self._without_activation(layer)(*args, **kwargs)
        if not isinstance(activation, keras.layers.Layer):
            activation = keras.layers.Activation(activation)
        return before, activation(before)

    def _without_activation(self, layer: Any) -> Any:
        """Return the layer without its activation.

        A copy: swapping the activation of the layer itself is ignored by functions that Keras has
        compiled already.
        """
        copy = self._linear.get(id(layer))
        if copy is None:
            config = {**layer.get_config(), "activation": "linear"}
            copy = type(layer).from_config(config)
            copy.build(layer._build_shapes_dict["input_shape"])
            copy.set_weights(layer.get_weights())
            self._linear[id(layer)] = copy
        return copy

    def _unique(self, name: str) -> str:
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}:{count}"
