"""An ordered list of named steps, from a file's eigenvalues to a model's input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from spectracnn.core.arrays import frozen_array
from spectracnn.core.rows import start_rows
from spectracnn.core.steps import STEPS, HarmoniseSites, Step, Take, Working
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.rows import Rows
    from spectracnn.core.spectrum import Spectrum


@dataclass(frozen=True)
class Preprocessing:
    """The steps, in the order in which they are applied.

    Examples
    --------
    >>> from spectracnn.core.spectrum import Spectrum
    >>> steps = Preprocessing.from_json([{"step": "drop_zeros"}, {"step": "take", "n": 2}])
    >>> steps.apply(Spectrum("a", [0.0, 1.0, 4.0, 9.0])).values.tolist()
    [1.0, 4.0]
    """

    steps: tuple[Step, ...] = ()

    @property
    def length(self) -> int | None:
        """The length of what comes out, where a step fixes it."""
        taken = [step.n for step in self.steps if isinstance(step, Take)]
        return min(taken) if taken else None

    @property
    def harmony(self) -> HarmoniseSites | None:
        """The step that harmonises sites; None where there is none."""
        steps = (step for step in self.steps if isinstance(step, HarmoniseSites))
        return next(steps, None)

    def apply(self, spectrum: Spectrum) -> Working:
        """Run all steps.

        Parameters
        ----------
        spectrum : Spectrum
            Is not changed.

        Returns
        -------
        Working
            Its ``values``, shape (n,), are the model's input; ``positions`` say which of the
            file's eigenvalues each came from.

        Raises
        ------
        PreprocessingError
            If the spectrum is too short, or lacks what a step needs.
        """
        working = Working.start(spectrum)
        for step in self.steps:
            working = _applied(step, working)
        return working

    def apply_together(self, spectra: Sequence[Spectrum]) -> list[Rows]:
        """Run all steps on many spectra at once, with the same results as one by one.

        Parameters
        ----------
        spectra : sequence of Spectrum
            Are not changed.

        Returns
        -------
        list of Rows
            Spectra whose ``at`` is in none of them are to be given to :meth:`apply`, which finds
            the rarer results, and the sentence for those that are refused.
        """
        groups = start_rows(spectra)
        for step in self.steps:
            groups = [
                part
                for group in groups
                for part in step.apply_rows(group)
                if part.at.size and part.values.size
            ]
        return groups

    def explain(self, spectrum: Spectrum) -> list[tuple[str, Working]]:
        """Run all steps and keep what stands after each, the file's own values first."""
        working = Working.start(spectrum)
        stages = [("as in the file", working)]
        for step in self.steps:
            working = _applied(step, working)
            stages.append((step.label, working))
        return stages

    def to_json(self) -> list[dict[str, Any]]:
        """Return the steps as plain JSON values."""
        return [step.to_json() for step in self.steps]

    @classmethod
    def from_json(cls, records: Any) -> Preprocessing:
        """Read the steps from plain JSON values.

        Raises
        ------
        PreprocessingError
            If a step or a parameter is unknown or invalid; the sentence names it.
        """
        if not isinstance(records, Sequence) or isinstance(records, str):
            raise PreprocessingError("The preprocessing is not a list of steps.")
        return cls(tuple(_read_step(record, place) for place, record in enumerate(records)))


def _applied(step: Step, working: Working) -> Working:
    working = step.apply(working)
    if working.values.size == 0:
        raise PreprocessingError(f"{working.name}: no eigenvalue is left after step '{step.name}'.")
    return working


def _read_step(record: Any, place: int) -> Step:
    if not isinstance(record, Mapping) or not isinstance(record.get("step"), str):
        raise PreprocessingError(f"Preprocessing step {place} has no name under 'step'.")
    step_class = STEPS.get(record["step"])
    if step_class is None:
        raise PreprocessingError(
            f"Preprocessing step {place} is called {record['step']!r}; "
            f"known are {', '.join(STEPS)}."
        )
    parameters = {key: value for key, value in record.items() if key != "step"}
    unknown = parameters.keys() - {item.name for item in fields(step_class)}
    if unknown:
        raise PreprocessingError(
            f"Step '{record['step']}' has no parameter {', '.join(sorted(unknown))}."
        )
    return step_class(**parameters)


def model_input(preprocessing: Preprocessing, spectrum: Spectrum) -> NDArray[np.float32]:
    """Return a model's input for one spectrum, shape (steps, 1), float32, read-only."""
    return frozen_array(preprocessing.apply(spectrum).values[:, None], "float32")
