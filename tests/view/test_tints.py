"""Curves are coloured by classes, labels and covariates, the same in window and figure."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.figures.job import Snapshot
from spectracnn.io.participants import read_table
from spectracnn.state.columns import label, label_names
from spectracnn.state.document import Document, Entry
from spectracnn.state.labels import with_labels
from spectracnn.state.other_model import EntryPrediction, OtherModel
from spectracnn.state.participants import Participants
from spectracnn.state.selection import Selection
from spectracnn.view.colouring import PREDICTED
from spectracnn.view.groups import groups
from spectracnn.view.palettes import MISSING, Tint, curve_colour, tint_colour
from spectracnn.view.spectra import spectrum_picture
from spectracnn.view.tints import tints_of

ROWS = "name\tage\tsex\n" + "".join(f"s{n}\t{40 + 10 * n}\t{'FM'[n % 2]}\n" for n in range(6))


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "participants.tsv"
    path.write_text(ROWS)
    entries = tuple(
        Entry(n + 1, Spectrum(f"s{n}", np.arange(9.0) + n, metadata={"label": "ab"[n // 4]}))
        for n in range(7)
    )
    table = Participants(read_table(path)).with_entries(entries)
    return Document(entries, participants=table)


def picture(document, field, *drawn):
    chosen = Selection(current=drawn[0], overlaid=frozenset(drawn), coloured_by=field)
    return spectrum_picture(document, chosen)


def test_numbers_run_over_the_range_of_the_whole_column(document):
    found = tints_of(document, "age", document.entries[1:3])
    assert [tint.share for tint in found.of] == pytest.approx([0.2, 0.4])
    assert [(word, tint.share) for word, tint in found.legend] == [("40", 0.0), ("90", 1.0)]


def test_kinds_keep_their_colours_whichever_are_drawn(document):
    every = tints_of(document, "sex", document.entries)
    one = tints_of(document, "sex", document.entries[1:2])
    assert every.of[1] == one.of[0] == Tint(1)  # F before M
    assert [word for word, _ in one.legend] == ["M"]
    assert every.of[6] == Tint(-1)  # who is not in the table
    assert every.legend[-1] == ("\u2013", Tint(-1))


def test_predictions_have_the_order_of_the_models_classes(document):
    card = ModelCard(Preprocessing(), ("cat", "dog"))
    model = ModelDescription("m", "m.keras", "", (3, 1), (), ("cat", "dog"), card, 0)
    shares = np.array([0.1, 0.9], np.float32)
    entries = (replace(document.entries[0], probabilities=shares), *document.entries[1:])
    found = tints_of(replace(document, model=model, entries=entries), PREDICTED, entries[:2])
    assert found.of == (Tint(1), Tint(-1))


def test_curves_and_legend_of_the_picture(document):
    found = picture(document, "age", 1, 6)
    assert found.coloured_by == "age"
    assert {curve.entry_id: curve.tint for curve in found.curves} == {
        1: Tint(0, 0.0),
        6: Tint(0, 1.0),
    }
    assert found.colour_fields == (PREDICTED, "name", "age", "sex", "label")
    plain = picture(document, "", 1, 6)
    assert plain.coloured_by == ""
    assert all(curve.tint is None for curve in plain.curves)
    gone = picture(document, "no such column", 1, 6)
    assert gone.coloured_by == ""


def test_colours_on_both_grounds():
    assert tint_colour(Tint(3), dark=True) == curve_colour(3, True)
    assert tint_colour(Tint(-1), dark=False) == MISSING[False]
    assert tint_colour(Tint(0, 0.0), False) != tint_colour(Tint(0, 1.0), False)


@pytest.mark.parametrize("field", ["age", "sex", "label", PREDICTED, ""])
def test_a_figure_in_another_process_has_the_colours_of_the_window(document, field):
    document = with_labels(document, {2: "own", 7: "b"})
    chosen = Selection(current=2, overlaid=frozenset({2, 5, 7}), coloured_by=field)
    sent = pickle.loads(pickle.dumps(Snapshot.of(document, chosen)))
    here, there = (spectrum_picture(one, chosen) for one in (document, sent.document))
    assert [curve.tint for curve in there.curves] == [curve.tint for curve in here.curves]
    assert there.tint_legend == here.tint_legend
    assert len(sent.document.entries) == 3


def test_typed_labels_are_a_column(document):
    document = with_labels(document, {2: "own", 7: ""})
    assert label_names(document) == ("name", "age", "sex", "label")
    assert label(document, "label").text.tolist() == ["a", "own", "a", "a", "b", "b", ""]
    bare = Document((Entry(1, Spectrum("x", np.arange(9.0))),))
    assert label_names(bare) == ()
    typed = with_labels(bare, {1: "cup"})
    assert label_names(typed) == ("label",)
    assert label(typed, "label").text.tolist() == ["cup"]


def test_a_figure_is_sent_while_another_model_and_a_table_are_open(document):
    card = ModelCard(Preprocessing(), ("cat", "dog"))
    model = ModelDescription("m", "m.keras", "", (3, 1), (), ("cat", "dog"), card, 0)
    other = OtherModel(model, MappingProxyType({1: EntryPrediction(0, None, "too short")}))
    document = replace(document, model=model, others=(other,))
    sent = pickle.loads(pickle.dumps(Snapshot.of(document, Selection(current=1))))
    assert [entry.id for entry in sent.document.entries] == [1]


def test_spectra_are_grouped_by_columns_of_the_table_of_files_and_by_labels(document):
    document = with_labels(document, {2: "b"})
    found = {side.key: side.ids for side in groups(document, Selection(overlaid=frozenset({3, 1})))}
    assert found["ticked"] == (1, 3)
    assert found["field sex=F"] == (1, 3, 5)
    assert found["field sex=M"] == (2, 4, 6)
    assert found["field label=a"] == (1, 3, 4)
    assert found["field label=b"] == (2, 5, 6, 7)
    assert not any("age" in key for key in found)  # all different: no groups of one
