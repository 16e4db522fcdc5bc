"""Brings up Keras quietly, on the CPU, before anything else imports it."""

from __future__ import annotations

import logging
import os
from typing import Any


def quiet_environment() -> None:
    """Set what TensorFlow reads once, at its import."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # oneDNN reorders sums: other last bits than those of the plain kernels, and single spectra
    # take two to four times as long with it.
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("ABSL_MIN_LOG_LEVEL", "3")


def load_keras() -> tuple[Any, Any]:
    """Import TensorFlow and Keras.

    Returns
    -------
    tf, keras : module
        The imported modules.
    """
    quiet_environment()
    import keras
    import tensorflow as tf

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    logging.getLogger("absl").setLevel(logging.ERROR)
    return tf, keras


def keep_arithmetic() -> None:
    """Let compiled passes round as Keras's own calls do.

    TensorFlow's graph optimiser would fuse a convolution with its bias and activation, and
    reorder products: faster by nothing that can be measured here, and different in the last bit.
    """
    tf, _ = load_keras()
    tf.config.optimizer.set_experimental_options(
        {"remapping": False, "arithmetic_optimization": False, "constant_folding": False}
    )
