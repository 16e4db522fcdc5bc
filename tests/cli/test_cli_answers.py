"""The columns of ``predict`` hold what its records say, whatever the network's task."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.cli.answers import Answers, columns_of
from spectracnn.cli.inputs import InputSpectrum
from spectracnn.cli.predictions import record
from spectracnn.cli.trust import Trust
from spectracnn.core.judging import Judgements
from spectracnn.core.outputs import Output, Task
from spectracnn.core.plausible import why_no_spectra, why_no_spectrum
from spectracnn.core.reading import Reading
from spectracnn.core.reference import Reference
from spectracnn.core.spectrum import CUT_OFF, Spectrum

CLASSES = ("bust", "human", "vase")
COUNT = 40
SCORES = tuple(np.linspace(0.01, 0.95, 25).tolist())


def reference(classes: int) -> Reference:
    draw = np.random.default_rng(1)
    return Reference(
        names=np.array([f"shape {place}" for place in range(9)]),
        eigenvalues=draw.random((9, 5)),
        inputs=draw.random((9, 4)).astype(np.float32),
        statistics=draw.random((9, 12)),
        distances=draw.random((9, 2)),
        truth=np.arange(9) % max(classes, 1),
        outputs=draw.random((9, 3)).astype(np.float32),
        folds=np.arange(9) % 3,
        shadow_weights=np.zeros((0, 0)),
        shadow_bias=np.zeros(0),
    )


def items() -> list[InputSpectrum]:
    made = []
    for number in range(COUNT):
        notes = (f"{CUT_OFF}: 5 of 9 are there.",) if number == 3 else ()
        spectrum = Spectrum(f"s{number}", [0.0, 1.0 + number, 3.0 + number], notes=notes)
        made.append(InputSpectrum("study.h5", spectrum, "all values are 3" if number == 5 else ""))
    return made


def softmax_rows(draw: np.random.Generator, width: int) -> np.ndarray:
    shares = draw.dirichlet(np.ones(width) * 0.4, COUNT).astype(np.float32)
    shares[7] = np.nan
    shares[8] = 1 / width  # ties
    return shares


def made(task: Task, output: Output, outputs: np.ndarray, classes: tuple[str, ...], **more: object):
    reading = Reading(task, output, classes, **more)
    draw = np.random.default_rng(2)
    shadow = draw.random((COUNT, len(classes))).astype(np.float32)
    typical = draw.random(COUNT).astype(np.float32)
    typical[4] = np.nan
    nearest = draw.integers(0, 9, COUNT)
    nearest[4] = -1
    known = Judgements(typical, nearest, shadow)
    answers = Answers(items(), outputs, reading.probabilities(outputs), known)
    return answers, Trust(reading, SCORES, reference(len(classes)), 0.9)


def cases():
    draw = np.random.default_rng(0)
    yield made(
        Task.CLASSIFICATION, Output("o", (3,)), softmax_rows(draw, 3), CLASSES, temperature=0.7
    )
    one = draw.random((COUNT, 1)).astype(np.float32)
    yield made(Task.CLASSIFICATION, Output("o", (1,), "sigmoid"), one, CLASSES[:2], threshold=0.3)
    many = draw.random((COUNT, 3)).astype(np.float32)
    many[7] = np.nan
    yield made(Task.MULTILABEL, Output("o", (3,), "sigmoid"), many, CLASSES, threshold=0.6)
    steps = draw.dirichlet(np.ones(3), (COUNT, 6)).astype(np.float32)
    yield made(Task.SEGMENTATION, Output("o", (6, 3)), steps, CLASSES)
    value = draw.normal(50, 9, (COUNT, 1)).astype(np.float32)
    yield made(Task.REGRESSION, Output("o", (1,), "linear"), value, ("age",), unit="years")
    values = draw.normal(0, 1, (COUNT, 2)).astype(np.float32)
    yield made(Task.REGRESSION, Output("o", (2,), "linear"), values, ("x", "y"))


def cell(value: object) -> object:
    if value is None or value is np.ma.masked:
        return ""
    if isinstance(value, float):
        return "nan" if np.isnan(value) else np.float32(value)
    return "nan" if isinstance(value, np.floating) and np.isnan(value) else value


@pytest.mark.parametrize(("answers", "trust"), list(cases()), ids=range(6))
def test_columns_are_the_records(answers: Answers, trust: Trust) -> None:
    columns = columns_of(answers, trust)
    for row, answer in enumerate(answers):
        told = record(answer, trust.reading) | trust.fields(answer)
        near = told.get("nearest") or {}
        low, high = told.get("interval") or ("", "")
        values = told.get("values") or {"value": told.get("value")}
        expected = {
            **(told.get("probabilities") or values),
            **{key: told.get(key, "") for key in ("file", "name", "class", "probability", "unit")},
            **{key: told.get(key, "") for key in ("typicality", "raw_probability", "remark")},
            "labels": "; ".join(told.get("labels", [])),
            "set": "; ".join(told.get("set") or []),
            "nearest": near.get("name", ""),
            "nearest_class": near.get("class", ""),
            "shadow": told.get("shadow", ""),
            "low": low,
            "high": high,
        }
        found = {name: cell(column[row]) for name, column in columns}
        assert found == {name: cell(expected[name]) for name, _ in columns}


def test_every_column_has_a_cell_a_row() -> None:
    for answers, trust in cases():
        assert {len(column) for _, column in columns_of(answers, trust)} == {COUNT}


def test_doubts_name_the_first_spectrum() -> None:
    outputs = np.full((COUNT, 3), 1 / 3, np.float32)
    outputs[2] = np.nan
    outputs[11] = outputs[12] = (0.9, 0.9, 0.9)
    answers, trust = made(Task.CLASSIFICATION, Output("o", (3,)), outputs, CLASSES)
    [(file, doubt)] = answers.doubts(trust.reading)
    assert (file, doubt[:4]) == ("study.h5", "s11:")
    assert trust.reading.doubtful(outputs).nonzero()[0].tolist() == [11, 12]
    assert [bool(trust.reading.doubt(row)) for row in outputs] == list(
        trust.reading.doubtful(outputs)
    )


def test_plain_spectra_are_told_from_others_at_once() -> None:
    draw = np.random.default_rng(0)
    rows = [np.cumsum(draw.random(30)) for _ in range(20)]
    rows += [np.arange(30.0), np.arange(1.0, 31.0), np.full(30, 2.0), draw.normal(size=30)]
    rows += [-np.cumsum(draw.random(30)), np.append(np.cumsum(draw.random(29)), np.nan)]
    rows += [np.cumsum(draw.random(5)), np.array([1.0, 1.0, 1.0]), np.arange(30.0) + 2]
    rows += [np.append(np.cumsum(draw.random(29)), np.inf), np.cumsum(draw.random(30)) - 1e-9]
    spectra = [Spectrum(f"s{place}", row) for place, row in enumerate(rows)]
    assert why_no_spectra(spectra) == [why_no_spectrum(spectrum) for spectrum in spectra]
