"""The true reason why a layer that runs no code is refused all the same."""

from __future__ import annotations

from typing import Any

from spectracnn.errors import ModelError
from spectracnn.nn.allowed import operations

_TRANSPOSED = ("Conv1DTranspose", "Conv2DTranspose")
OLD_OPERATIONS = frozenset({"TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ClassMethod"})
_IN_PLACE = {
    "add": "Add()", "sub": "Subtract()", "mul": "Multiply()", "math.add": "Add()",
    "math.subtract": "Subtract()", "math.multiply": "Multiply()", "concat": "Concatenate()",
    "math.maximum": "Maximum()", "math.minimum": "Minimum()", "reshape": "Reshape()",
    "nn.relu": "ReLU()", "nn.softmax": "Softmax()", "getitem": "Cropping1D()",
    "math.reduce_mean": "GlobalAveragePooling1D()", "expand_dims": "Reshape()",
    "truediv": "Rescaling()", "math.truediv": "Rescaling()",
}  # fmt: skip
GONE = {
    "LocallyConnected1D": "Its weights differ at every step; no layer of Keras 3 is the same.",
    "LocallyConnected2D": "Its weights differ at every place; no layer of Keras 3 is the same.",
    "CuDNNLSTM": "Load it in Keras 2 into an LSTM, and save it again.",
    "CuDNNGRU": "Load it in Keras 2 into a GRU with reset_after=True, and save it again.",
    "MaxoutDense": "It was removed in Keras 2.",
    "Highway": "It was removed in Keras 2.",
}


def outdated(name: str, class_name: str) -> ModelError:
    """Return the error about what Keras 2 had and Keras 3 has not."""
    if class_name in GONE:
        return ModelError(
            f"Layer '{name}' is a {class_name}, which Keras 3 has no more; it was not opened.",
            GONE[class_name],
        )
    function = name.removeprefix("tf.").removeprefix("__operators__.")
    layer = next((new for old, new in _IN_PLACE.items() if function.startswith(old)), "")
    return ModelError(
        f"The model computes '{function}' between its layers, which Keras 2 stored as code of "
        "TensorFlow; Keras 3 does not read it.",
        f"Use {layer} instead, copy the weights, and save it again."
        if layer
        else "Rebuild the model in Keras 3, copy the weights, and save it again.",
    )


def why_unread(name: str, class_name: str, module: str | None) -> ModelError | None:
    """Return why Keras does not read a layer, where that is known; None where it is not.

    Parameters
    ----------
    name, class_name : str
        Of the layer.
    module : str or None
        As the file has it.
    """
    if class_name in GONE or class_name in OLD_OPERATIONS:
        return outdated(name, class_name)
    if module is None and class_name in operations():
        return ModelError(
            f"The model computes '{class_name}' between its layers, which an .h5 file stores "
            "without saying whose it is; Keras itself does not read it.",
            "Save the model as .keras.",
        )
    return None


def require_computable(name: str, record: dict[str, Any]) -> None:
    """Refuse a layer that TensorFlow cannot compute on a processor.

    Raises
    ------
    ModelError
        One sentence that names the layer.
    """
    config = record.get("config")
    rate = config.get("dilation_rate", 1) if isinstance(config, dict) else 1
    rates = rate if isinstance(rate, list) else [rate]
    if record["class_name"] in _TRANSPOSED and any(each not in (1, None) for each in rates):
        raise ModelError(
            f"Layer '{name}' is a {record['class_name']} with holes (dilation {rate}), which "
            "TensorFlow computes on graphics cards only.",
            "Use Conv1DTranspose without dilation, or UpSampling1D and a Conv1D with it.",
        )
