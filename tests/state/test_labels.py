from pathlib import Path

from spectracnn.core.spectrum import Spectrum
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.labels import (
    are_labelled,
    known_labels,
    label_of,
    training_labels,
    with_labels,
)


def document(*, labels=("ant", "ant", "cup", ""), folders=("x", "x", "x", "x")):
    entries = []
    for place, (label, folder) in enumerate(zip(labels, folders, strict=True)):
        spectrum = Spectrum(
            f"s{place}",
            [1.0, 2.0],
            source=Path(folder, "d.h5"),
            metadata={"label": label} if label else {},
        )
        entries.append(Entry(place + 1, spectrum))
    return Document(tuple(entries))


def test_a_typed_label_counts_before_the_files():
    typed = with_labels(document(), {1: "bee", 99: "nobody"})
    assert [label_of(typed, entry) for entry in typed.entries] == ["bee", "ant", "cup", ""]
    assert dict(typed.labels) == {1: "bee"}
    assert known_labels(typed) == ["ant", "bee", "cup"]


def test_an_empty_label_takes_the_files_away():
    typed = with_labels(document(), {1: ""})
    assert label_of(typed, typed.entries[0]) == ""
    assert [name for _, name, _ in training_labels(typed)] == ["s1", "s2"]


def test_labels_stay_with_another_model_and_go_with_their_rows():
    typed = with_labels(document(), {1: "bee"})
    assert dict(typed.without_answers(None).labels) == {1: "bee"}
    assert "bee" not in known_labels(typed.without_entries([1]))


def test_what_can_be_learned_as_it_is():
    assert are_labelled(document())
    assert not are_labelled(document(labels=("", "", "", "")))
    assert are_labelled(document(labels=("", "", "", ""), folders=("x", "x", "y", "y")))
    assert not are_labelled(document(labels=("", "", "", ""), folders=("a", "b", "c", "d")))
