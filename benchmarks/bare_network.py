"""The least that the first maps take: import TensorFlow, load the model, call it once.

The call is the same as the engine's: every layer's output, compiled. No window, no process, no
file of spectra, no check of the model file.
"""

from __future__ import annotations


def main() -> None:
    """Compute, and say when it is done."""
    from spectracnn.nn.backend import quiet_environment

    quiet_environment()
    import keras
    import numpy as np
    import tensorflow as tf

    from spectracnn.gui.start.timing import mark
    from spectracnn.resources import default_model

    model = keras.saving.load_model(default_model(), compile=False)
    network = keras.Model(model.inputs, [layer.output for layer in model.layers])
    shape = (1, *model.input_shape[1:])
    signature = [tf.TensorSpec(shape, tf.float32)]
    function = tf.function(lambda x: network(x, training=False), input_signature=signature)
    for output in function(np.zeros(shape, np.float32)):
        output.numpy()
    mark("first_maps")


if __name__ == "__main__":
    main()
