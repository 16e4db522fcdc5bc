"""The classes that a model may name: those of Keras that run no code of the file."""

from __future__ import annotations

import inspect
from functools import cache
from types import ModuleType
from typing import Any

from spectracnn.nn.backend import load_keras

LAYERS = frozenset(
    """InputLayer Dense Conv1D Conv2D SeparableConv1D SeparableConv2D DepthwiseConv1D
    DepthwiseConv2D Conv1DTranspose Conv2DTranspose Flatten Reshape Permute RepeatVector
    MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D BatchNormalization
    LayerNormalization GroupNormalization UnitNormalization SpectralNormalization
    RMSNormalization Normalization Rescaling Dropout SpatialDropout1D SpatialDropout2D
    GaussianDropout GaussianNoise AlphaDropout ActivityRegularization ReLU LeakyReLU PReLU ELU
    Softmax Activation Identity Masking Add Subtract Multiply Average Maximum
    Minimum Concatenate Dot ZeroPadding1D ZeroPadding2D Cropping1D Cropping2D UpSampling1D
    UpSampling2D LSTM GRU SimpleRNN RNN LSTMCell GRUCell SimpleRNNCell StackedRNNCells
    Bidirectional TimeDistributed EinsumDense Embedding MultiHeadAttention MultiheadAttention
    GroupedQueryAttention GroupQueryAttention Attention AdditiveAttention ConvLSTM1D ConvLSTM2D
    AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveMaxPooling1D AdaptiveMaxPooling2D
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness
    RandomCrop CenterCrop Resizing CategoryEncoding Discretization GlobalMaxPooling3D
    GlobalAveragePooling3D MaxPooling3D AveragePooling3D Conv3D Cropping3D ZeroPadding3D
    UpSampling3D SpatialDropout3D AutoContrast RandomGrayscale RandomInvert Solarization
    STFTSpectrogram""".split()
)
MODELS = frozenset({"Sequential", "Functional", "Model"})

_WITH_FUNCTIONS = frozenset(
    """Map Scan AssociativeScan Cond WhileLoop ForiLoop VectorizedMap Switch CustomGradient
    Vectorize CallableWrapper Rematerialize""".split()
)
"""Operations of Keras that are given a function to run."""


@cache
def operations() -> frozenset[str]:
    """Return what arithmetic between layers, such as ``x + y``, is stored as."""
    load_keras()
    from keras.src import ops
    from keras.src.ops.operation import Operation

    homes = [item for item in vars(ops).values() if isinstance(item, ModuleType)]
    return frozenset(
        name
        for home in homes
        if home.__name__.startswith("keras.src.ops.")
        for name, item in vars(home).items()
        if isinstance(item, type) and issubclass(item, Operation) and name not in _WITH_FUNCTIONS
    )


DANGEROUS = {
    "Lambda": "runs code stored in the file",
    "__lambda__": "runs code stored in the file",
    "TFSMLayer": "loads another program from disk",
    "TorchModuleWrapper": "unpickles code stored in the file",
    "JaxLayer": "runs code stored in the file",
    "FlaxLayer": "runs code stored in the file",
}

CONTAINERS = frozenset(
    """__tuple__ __tensor__ __numpy__ __ellipsis__ __slice__ __bytes__ __keras_tensor__ slice
    TensorShape DTypePolicy Policy FloatDTypePolicy QuantizedDTypePolicy
    QuantizedFloat8DTypePolicy DTypePolicyMap __complex__ __none__""".split()
)
"""Plain data that Keras stores in the guise of classes."""

LAYER_HOMES = (
    "keras.layers",
    "keras.models",
    "keras.ops",
    "keras.src.layers",
    "keras.src.models",
    "keras.src.ops",
    "keras.src.engine",
)
SETTING_HOMES = (
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.activations",
    "keras.optimizers",
    "keras.losses",
    "keras.metrics",
    "keras.random",
    "keras.dtype_policies",
    "keras.quantizers",
    "keras.src.quantizers",
    "keras.src.initializers",
    "keras.src.regularizers",
    "keras.src.constraints",
    "keras.src.optimizers",
    "keras.src.losses",
    "keras.src.metrics",
    "keras.src.random",
    "keras.src.backend.common",
    "keras.src.dtype_policies",
)


def in_homes(module: str, homes: tuple[str, ...]) -> bool:
    """Tell whether a module is one of these or inside one of them."""
    return any(module == home or module.startswith(f"{home}.") for home in homes)


@cache
def setting_classes() -> frozenset[str]:
    """Return the names of Keras's initializers, regularizers, losses and the like."""
    _, keras = load_keras()
    kinds: list[tuple[Any, type]] = [
        (keras.initializers, keras.initializers.Initializer),
        (keras.regularizers, keras.regularizers.Regularizer),
        (keras.constraints, keras.constraints.Constraint),
        (keras.optimizers, keras.optimizers.Optimizer),
        (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule),
        (keras.losses, keras.losses.Loss),
        (keras.metrics, keras.metrics.Metric),
        (keras.random, keras.random.SeedGenerator),
        (keras.quantizers, keras.quantizers.Quantizer),
        (keras.quantizers, keras.quantizers.QuantizationConfig),
        (keras.dtype_policies, keras.dtype_policies.DTypePolicy),
    ]
    return frozenset(
        name
        for home, base in kinds
        for name, item in vars(home).items()
        if isinstance(item, type) and issubclass(item, base)
    )


@cache
def setting_functions() -> frozenset[str]:
    """Return the names of Keras's activations, losses and metrics that are functions."""
    _, keras = load_keras()
    homes = (keras.activations, keras.losses, keras.metrics)
    names = {
        name
        for home in homes
        for name, item in vars(home).items()
        if callable(item) and not isinstance(item, type)
    }
    return frozenset(names - {"get", "serialize", "deserialize"})


def is_activation(name: str) -> bool:
    """Tell whether Keras has an activation of this name; looks it up and runs nothing."""
    _, keras = load_keras()
    try:
        return callable(keras.activations.get(name))
    except (ValueError, TypeError):
        return False


@cache
def accepts_trainable(name: str) -> bool:
    """Whether a layer of Keras can be given ``trainable``, which Keras 2 always stored."""
    _, keras = load_keras()
    kind = getattr(keras.layers, name, None)
    if name not in LAYERS or not isinstance(kind, type):
        return True
    names = inspect.signature(kind).parameters.values()
    return any(item.name == "trainable" or item.kind is item.VAR_KEYWORD for item in names)
