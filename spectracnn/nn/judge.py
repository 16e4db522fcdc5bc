"""Judges a model's configuration before Keras sees the file: only built-in layers are admitted."""

from __future__ import annotations

from typing import Any

from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras

LAYERS = frozenset(
    """InputLayer Dense Conv1D Conv2D SeparableConv1D SeparableConv2D DepthwiseConv1D
    DepthwiseConv2D Conv1DTranspose Conv2DTranspose Flatten Reshape Permute RepeatVector
    MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D BatchNormalization
    LayerNormalization GroupNormalization UnitNormalization SpectralNormalization Normalization
    Rescaling Dropout SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout
    ActivityRegularization ReLU LeakyReLU PReLU ELU Softmax Activation Identity Masking Add Subtract
    Multiply Average Maximum Minimum Concatenate Dot ZeroPadding1D ZeroPadding2D Cropping1D
    Cropping2D UpSampling1D UpSampling2D LSTM GRU SimpleRNN LSTMCell GRUCell SimpleRNNCell
    Bidirectional TimeDistributed EinsumDense Embedding MultiHeadAttention Attention
    AdditiveAttention""".split()
)
MODELS = frozenset({"Sequential", "Functional", "Model"})
_DANGEROUS = {
    "Lambda": "runs code stored in the file",
    "TFSMLayer": "loads another program from disk",
    "TorchModuleWrapper": "unpickles code stored in the file",
    "JaxLayer": "runs code stored in the file",
    "FlaxLayer": "runs code stored in the file",
}
_MODULES = ("keras", "keras.layers", "keras.models", "keras.src", "tensorflow.keras", "tf_keras")
_PLAIN_MODULES = (
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.activations",
    "keras.optimizers",
    "keras.losses",
    "keras.metrics",
    "keras.random",
    "builtins",
)
_DEEPEST = 60
_MOST_STEPS = 100_000


def judge(config: Any) -> None:
    """Refuse a configuration that names anything but Keras's own layers.

    Parameters
    ----------
    config : dict
        Of a whole model, as in ``config.json`` or the ``model_config`` attribute.

    Raises
    ------
    ModelError
        One sentence that names the layer.
    """
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise ModelError("The file's configuration names no model.")
    class_name = config["class_name"]
    if class_name not in MODELS:
        raise ModelError(
            f"The model is of the class '{class_name}'; only Sequential and Functional models "
            "show their layers."
        )
    _walk(config, 0)


def _walk(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ModelError("The model's configuration is nested too deeply to be a real one.")
    if isinstance(value, dict):
        if "class_name" in value:
            _judge_object(value)
        for item in value.values():
            _walk(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _walk(item, depth + 1)


def _judge_object(record: dict[str, Any]) -> None:
    class_name = record["class_name"]
    if not isinstance(class_name, str):
        raise ModelError("The model's configuration names a class by something other than text.")
    inner = record.get("config")
    name = str(inner.get("name", class_name)) if isinstance(inner, dict) else class_name
    if class_name in _DANGEROUS:
        raise ModelError(
            f"Layer '{name}' is a {class_name}, which {_DANGEROUS[class_name]}; it was not opened."
        )
    registered = record.get("registered_name")
    if class_name == "function" or (isinstance(registered, str) and ">" in registered):
        raise ModelError(
            f"'{name}' is custom code ({registered or class_name}); it was not opened."
        )
    module = record.get("module")
    if module is not None and not _known_module(module):
        raise ModelError(f"'{name}' comes from the module {module!r}; it was not opened.")
    if class_name in LAYERS or class_name in MODELS:
        _judge_shape(name, inner)
    elif module in (None, *_MODULES) and not _plain(class_name, module):
        raise ModelError(f"Layer '{name}' is of the unknown class '{class_name}'.")


def _known_module(module: Any) -> bool:
    return isinstance(module, str) and (
        module in _MODULES
        or module.startswith(("keras.src.", "keras.layers."))
        or module.startswith(_PLAIN_MODULES)
    )


def _plain(class_name: str, module: Any) -> bool:
    """Tell whether this is no layer but a setting of one, as older files write them."""
    # Not a bare import: the first one decides what TensorFlow prints.
    _, keras = load_keras()

    if class_name in {
        "DTypePolicy",
        "Policy",
        "__tuple__",
        "__tensor__",
        "slice",
        "__keras_tensor__",
    }:
        return True
    if module not in (None, "keras"):
        return False
    homes = (keras.initializers, keras.regularizers, keras.constraints, keras.optimizers)
    others = (keras.losses, keras.metrics, keras.dtype_policies, keras.random)
    return any(hasattr(home, class_name) for home in (*homes, *others))


def _judge_shape(name: str, config: Any) -> None:
    if not isinstance(config, dict):
        return
    shape = config.get("batch_shape") or config.get("batch_input_shape") or ()
    sizes = [size for size in shape if isinstance(size, int)]
    if any(size <= 0 or size > _MOST_STEPS for size in sizes[-3:]):
        raise ModelError(f"Layer '{name}' has the absurd input shape {tuple(shape)}.")
