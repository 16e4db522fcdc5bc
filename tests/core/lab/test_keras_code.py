import pytest

from spectracnn.core.lab.keras_code import keras_code, parse_layer
from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerStack, Pool, Pooling
from spectracnn.errors import LayerError


@pytest.mark.parametrize(
    ("line", "spec"),
    [
        (
            'keras.layers.Conv1D(8, 3, strides=2, padding="same", activation="relu")',
            Convolution(8, (3,), (2,), "same", activation="relu"),
        ),
        (
            "layers.Conv1D(filters=4, kernel_size=(5,), dilation_rate=2, use_bias=False)",
            Convolution(4, (5,), dilation_rate=(2,), use_bias=False),
        ),
        (
            "tf.keras.layers.Conv2D(2, (3, 5), strides=(1, 2), activation=None),",
            Convolution(2, (3, 5), (1, 2)),
        ),
        ("MaxPooling1D()", Pool(Pooling.MAX, (2,))),
        ("MaxPool1D(3)", Pool(Pooling.MAX, (3,))),
        (
            "AveragePooling2D(2, strides=1, padding='SAME')",
            Pool(Pooling.AVERAGE, (2, 2), (1, 1), "same"),
        ),
        ("keras.layers.AvgPool1D(pool_size=4)", Pool(Pooling.AVERAGE, (4,))),
        ("GlobalAveragePooling1D()", GlobalPool(Pooling.AVERAGE, 1)),
        ("GlobalMaxPool2D()", GlobalPool(Pooling.MAX, 2)),
    ],
)
def test_lines_are_read_and_written_back(line, spec):
    assert parse_layer(line) == spec
    assert parse_layer(keras_code(spec)) == spec


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "no Python expression"),
        ("Conv1D(8, 3", "no Python expression"),
        ("8 + 3", "no call"),
        ("Conv1D", "no call"),
        ("Conv1D(8)", "needs kernel_size"),
        ("Conv1D(8, 3, 1, 'same', None, 1, 1, 'relu', True, 5)", "at most 9 arguments"),
        ("Conv1D(8.5, 3)", "filters must be a whole number"),
        ("Conv1D(True, 3)", "filters must be a whole number"),
        ("Conv1D(0, 3)", "filters must be a whole number from 1"),
        ("Conv1D(8, -3)", "kernel_size must be a whole number from 1"),
        ("Conv1D(8, (3, 3))", "kernel_size needs 1 numbers"),
        ("Conv1D(8, 3, strides=2, dilation_rate=2)", "strides above 1 together"),
        ("Conv1D(8, 3, padding='full')", "padding must be valid, same or causal"),
        ("Conv2D(8, 3, padding='causal')", "padding must be valid or same"),
        ("Conv1D(8, 3, activation='swoosh')", "activation must be"),
        ("Conv1D(8, 3, activation=open('x'))", "nothing else is computed here"),
        ("Conv1D(__import__('os').system('true'), 3)", "nothing else is computed here"),
        ("Conv1D(8, 3, kernel_size=3)", "kernel_size is given twice"),
        ("Conv1D(8, 3, colour=1)", "no argument 'colour'"),
        ("Conv1D(8, 3, **{'strides': 2})", "no argument '**'"),
        ("Dense(8)", "no layer 'Dense'"),
        ("os.Conv1D(8, 3)", "'os.Conv1D' is no layer"),
        ("Conv1D(*[8, 3])", "nothing else is computed"),
        ("Conv1D(8, 3, use_bias=1)", "use_bias must be True or False"),
        ("x" * 500, "500 letters"),
        ("(" * 300, "no Python expression"),
        ("Conv1D(8, 99999)", "from 1 to 1024"),
    ],
)
def test_mistakes_get_one_sentence(line, words):
    with pytest.raises(LayerError) as caught:
        parse_layer(line)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_stack_has_one_kind_of_axes():
    with pytest.raises(LayerError, match="slides along 2 axes; the input has one axis"):
        LayerStack((20, 1), (Convolution(1, (3, 3)),))
    with pytest.raises(LayerError, match="at most 6 layers; found 7"):
        LayerStack((200, 1), (Pool(Pooling.MAX, (2,)),) * 7)
