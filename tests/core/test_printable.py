"""Text from files is cleaned and shortened in one place."""

import pickle

import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import CardError, FileFormatError, SpectraCNNError
from spectracnn.io.result import ReadResult
from spectracnn.printable import SENTENCE, encodable, printable, quoted, shortened

NASTY = "a\x1b[31mred\x07\x9b2J\u202egnp.\x00\udcff\nline\ttab\u2028end"


@pytest.mark.parametrize("text", [NASTY, "\x1b" * 5000, "\udc80" * 5000, "é" * 5000])
def test_no_control_character_and_no_length_passes(text):
    for line in (printable(text), quoted(text), str(CardError(text)), CardError("x", text).hint):
        assert line.isprintable()
        assert len(line) <= SENTENCE
        line.encode()


def test_plain_text_stays():
    assert printable("Großhirn λ₀ 脳 1.5") == "Großhirn λ₀ 脳 1.5"
    assert printable("a\u00a0b\tc\nd") == "a b c d"
    assert shortened("0123456789", 10) == "0123456789"
    assert encodable("a\tb") == "a\tb"
    assert encodable("\udce9\n") == "\\xe9\n"


def test_errors_stay_clean_through_a_pipe():
    error = FileFormatError(f"/tmp/{NASTY}", NASTY, NASTY * 1000, NASTY, NASTY)
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert isinstance(one, SpectraCNNError)
        for line in (str(one), one.hint, one.sentence):
            assert line.isprintable()
            assert len(line) <= 2 * SENTENCE


def test_notes_are_clean_and_names_are_kept():
    spectrum = Spectrum(NASTY, [0.0, 1.0], notes=(NASTY,), metadata={NASTY: NASTY})
    assert spectrum.name == NASTY
    assert spectrum.metadata[NASTY] == NASTY
    assert all(note.isprintable() for note in spectrum.notes)
    assert all(note.isprintable() for note in ReadResult((spectrum,), (NASTY,)).notes)
