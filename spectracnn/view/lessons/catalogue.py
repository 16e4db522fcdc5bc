"""The lessons' words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One idea.

    Parameters
    ----------
    key : str
        For progress and for the picture that belongs to it.
    title : str
        In the list.
    idea : str
        What there is to see, in two or three sentences.
    task : str
        The question, which is answered by doing.
    page : str
        Where the documentation goes on.
    """

    key: str
    title: str
    idea: str
    task: str
    page: str


LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "drum",
        "What is an LB spectrum?",
        "A membrane can only swing in certain ways, its modes, each at a pitch of its own. The "
        "squared pitches in ascending order are the eigenvalues of the Laplace operator. A curved "
        "surface has them too, those of the Laplace-Beltrami operator: the LB spectrum. It "
        "depends on the shape alone, not on where the shape lies. Choose a bar to see its mode.",
        "Two different modes of the square drum have the same eigenvalue. Choose one of such a "
        "pair.",
        "shapes.md",
    ),
    Lesson(
        "slide",
        "A filter slides",
        "A filter is laid over the input, the numbers that lie on each other are multiplied, and "
        "the products are added up: one number of the feature map. Then the filter moves on by "
        "one. On an image it moves along two axes, on a spectrum along one; the sum is the same.",
        "Work out the next number of the feature map before the filter gets there.",
        "inspector.md",
    ),
    Lesson(
        "filters",
        "Two filters, one input",
        "Other numbers in the filter give another feature map of the same input. A mean smooths; "
        "a difference answers where the spectrum rises or falls. Drag the points of either "
        "filter, or choose one from the list.",
        "Draw a filter at the right whose map is 0 wherever the input is level: its weights must "
        "add up to 0, and not all be 0.",
        "learning.md",
    ),
    Lesson(
        "arguments",
        "kernel_size, strides, padding, dilation",
        "kernel_size says how many neighbours a filter reads, strides how far it moves at a time, "
        "dilation_rate how far apart the numbers are that it reads. padding='same' puts zeros at "
        "the ends (hatched), so that the map is as long as the input. Samples that are never read "
        "have a mark below them.",
        "Make a map of 16 steps from the 32 samples, with a kernel_size of 5.",
        "learning.md",
    ),
    Lesson(
        "relu",
        "ReLU and its kin",
        "An activation changes each number of the map by itself. ReLU sets what is negative to 0 "
        "and leaves the rest: max(0, x). The bias, one number a filter, is added before and "
        "decides how much of the map survives.",
        "Move the bias until ReLU sets about half of the map to 0 (45 to 55 %).",
        "inspector.md",
    ),
    Lesson(
        "pooling",
        "Pooling",
        "Pooling summarises neighbours: the largest, or the mean. The map gets shorter, the exact "
        "place of a peak is lost, and small shifts of the input matter less.",
        "Choose pooling and window so that moving the input by one sample changes none of the "
        "pooled numbers.",
        "learning.md",
    ),
    Lesson(
        "learning",
        "How filters are learned",
        "Nobody designs the filters of a real network. They start at random, and each step of the "
        "training changes them a little so that the errors become smaller. Here one filter of "
        "five weights learns to tell steps upwards from steps downwards.",
        "Train, then go back with the slider to the first epoch whose loss is less than half of "
        "the loss at the beginning.",
        "training.md",
    ),
)
