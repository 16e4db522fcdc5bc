"""Walks through a model, layer by layer, and records every layer's output on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.layer_names import MOST, shown_name
from spectracnn.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

FUSED = frozenset(
    """Conv1D Conv2D SeparableConv1D SeparableConv2D DepthwiseConv1D DepthwiseConv2D
    Conv1DTranspose Conv2DTranspose Dense EinsumDense""".split()
)
"""Layers that apply an activation as their last act, so that it can be split off."""


@dataclass(frozen=True, eq=False)
class Record:
    """One call of one layer.

    Parameters
    ----------
    name : str
        Unique; nested layers are ``outer/inner``, later calls of a shared layer end in ``:2``.
    layer : keras.Operation
        The layer.
    inputs : tuple
        Tensors that went in.
    before : tensor or None
        Before a fused activation.
    output : tensor
        What came out.
    outputs : tuple
        All that came out, the above first: recurrent layers may return their states too.
    """

    name: str
    layer: Any
    inputs: tuple[Any, ...]
    before: Any
    output: Any
    outputs: tuple[Any, ...] = ()


class Splitter:
    """Applies layers, with fused activations as an act of their own.

    Kept for as long as the model: it makes the copies without activation once.
    """

    def __init__(self) -> None:
        self._parts: dict[int, tuple[Any, Any]] = {}

    def apply(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """Call a layer as at inference.

        Returns
        -------
        before : tensor or None
            Before the activation; None where none is fused.
        output : tensor or structure of them
            What the layer returns.
        """
        _, keras = load_keras()
        if isinstance(layer, keras.layers.Layer):
            kwargs = {key: value for key, value in kwargs.items() if key != "training"}
            if getattr(layer, "_call_has_training_arg", False):
                kwargs["training"] = False
        if type(layer).__name__ == "Discretization":
            # Called as a layer in a compiled pass, Keras would cast the values to whole numbers
            # before it compares them, as it does not when it computes eagerly.
            values = args[0]
            symbolic = isinstance(values, keras.KerasTensor)
            return None, layer(*args) if symbolic else layer.call(values)
        activation = getattr(layer, "activation", None)
        if type(layer).__name__ not in FUSED or activation in (None, keras.activations.linear):
            return None, layer(*args, **kwargs)
        if id(layer) not in self._parts:
            self._parts[id(layer)] = (self._without_activation(layer), self._activation(activation))
        plain, activate = self._parts[id(layer)]
        before = plain(*args, **kwargs)
        return before, activate(before)

    def without_activation_of(self, layer: Any) -> Any:
        """Return the copy of a layer whose activation was split off; None where there is none."""
        parts = self._parts.get(id(layer))
        return None if parts is None else parts[0]

    @staticmethod
    def _activation(activation: Any) -> Any:
        """Return the activation as a layer, which passes masks on as the fused one does."""
        _, keras = load_keras()
        if isinstance(activation, keras.layers.Layer):
            return activation
        return keras.layers.Activation(activation)

    @staticmethod
    def _without_activation(layer: Any) -> Any:
        """Return the layer without its activation.

        A copy: swapping the activation of the layer itself is ignored by functions that Keras has
        compiled already.
        """
        if not layer.built:
            raise ModelError(
                f"Layer '{shown_name(layer)}' has no weights: the model was never built."
            )
        copy = type(layer).from_config({**layer.get_config(), "activation": "linear"})
        copy.build(layer._build_shapes_dict["input_shape"])
        copy.set_weights(layer.get_weights())
        return copy


@dataclass
class Walk:
    """One pass through a model; with symbolic tensors it describes, with real ones it computes.

    Keras's own ways do not do: ``layer.output`` is the first call's only, and unconnected for
    nested models. So every layer is called again here; the weights are the model's.

    Attributes
    ----------
    splitter : Splitter
        The model's.
    change : callable, optional
        ``change(index, output)`` returns what goes on instead of a layer's output.
    records : list of Record
        In forward order.
    """

    splitter: Splitter
    change: Callable[[int, Any], Any] | None = None
    records: list[Record] = field(default_factory=list)
    _names: dict[str, int] = field(default_factory=dict)

    def through(self, model: Any, inputs: Any, prefix: str = "") -> Any:
        """Send tensors through a model, its nested models included.

        Parameters
        ----------
        model : keras.Model
            Sequential or Functional.
        inputs : tensor or structure of them
            What goes in.
        prefix : str
            Put before the names.

        Returns
        -------
        tensor or structure of them
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
                f"Layer '{shown_name(model)}' is a subclassed model, "
                "which exposes no layers to look at."
            )

        def call(operation: Any, *args: Any, **kwargs: Any) -> Any:
            return self._call(prefix, operation, *args, **kwargs)

        return model._run_through_graph(inputs, operation_fn=lambda op: op, call_fn=call)

    def call(self, layer: Any, inputs: Any) -> Any:
        """Send tensors through one layer."""
        return self._call("", layer, inputs)

    def _call(self, prefix: str, layer: Any, *args: Any, **kwargs: Any) -> Any:
        _, keras = load_keras()
        if isinstance(layer, keras.layers.InputLayer):
            return args[0]
        if isinstance(layer, keras.Model):
            inputs = args[0] if len(args) == 1 else list(args)
            return self.through(layer, inputs, f"{prefix}{shown_name(layer)}/")
        before, result = self.splitter.apply(layer, args, kwargs)
        inputs = tuple(item for item in keras.tree.flatten((args, kwargs)) if _is_tensor(item))
        outputs = tuple(keras.tree.flatten(result))
        if _is_mask(outputs[0]):
            return result  # computed beside the layers, to tell which steps count
        if self.change is not None:
            outputs = (self.change(len(self.records), outputs[0]), *outputs[1:])
            result = keras.tree.pack_sequence_as(result, outputs)
        name = self._unique(shortened(f"{prefix}{shown_name(layer)}", MOST))
        self.records.append(Record(name, layer, inputs, before, outputs[0], outputs))
        return result

    def _unique(self, name: str) -> str:
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}:{count}"


def _is_tensor(item: Any) -> bool:
    """Tell tensors, symbolic or real, from weights and from masks."""
    is_tensor = hasattr(item, "shape") and hasattr(item, "dtype") and not hasattr(item, "assign")
    return is_tensor and not _is_mask(item)


def _is_mask(tensor: Any) -> bool:
    return "bool" in str(getattr(tensor, "dtype", ""))
