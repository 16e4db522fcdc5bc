"""``python -m tests.fuzz --inputs N --seed S``: open N mutated files, and name what went wrong."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from spectracnn.jobs.child import Child
from spectracnn.jobs.errors import ChildEndedError, ChildOutOfMemoryError, ChildOverdueError
from spectracnn.jobs.limits import Limits
from tests.fuzz.child import make_opener
from tests.fuzz.corpus import corpus, keras_corpus
from tests.fuzz.mutate import mutated

GOOD = ("value", "sentence")
_SECONDS = 120.0


class Fuzzer:
    """Makes, opens and judges mutated files.

    Parameters
    ----------
    folder : Path
        An empty one, for them.
    seed : int
        The same seed gives the same files.
    only : str
        A regular expression; only files whose name it fits are mutated.
    load : bool
        Whether models are mutated that Keras wrote, and Keras loads them.
    """

    def __init__(self, folder: Path, seed: int, only: str = "", load: bool = False) -> None:
        self.place, self.temporary = folder / "place", folder / "temporary"
        made = folder / "made"
        for new in (self.place, self.temporary, made):
            new.mkdir()
        os.environ["TMPDIR"] = str(self.temporary)
        tempfile.tempdir = None
        files = keras_corpus(made) if load else corpus(made)
        self._load = load
        self.files = {name: data for name, data in files.items() if re.search(only, name)}
        self.seed = seed
        self._child: Child | None = None

    def input(self, number: int) -> tuple[str, bytes]:
        """Return the name and the bytes of an input."""
        random = Random(f"{self.seed} {number}")
        name = random.choice(list(self.files))
        return name, mutated(name, self.files[name], list(self.files.values()), random)

    def judge(self, number: int) -> tuple[str, str, str]:
        """Open an input; return its name, the outcome in a word, and more about it."""
        name, data = self.input(number)
        path = self.place / name
        path.write_bytes(data)
        outcome, more = self._outcome(path)
        left = [*self.temporary.iterdir(), *(p for p in self.place.iterdir() if p != path)]
        if left and outcome in GOOD:
            outcome, more = "leftover file", left[0].name
        for item in left:
            shutil.rmtree(item) if item.is_dir() else item.unlink()
        path.unlink()
        return name, outcome, more

    def _outcome(self, path: Path) -> tuple[str, str]:
        if self._child is None:
            self._child = Child(
                make_opener, self._load, limits=Limits(seconds=_SECONDS), name="fuzz"
            )
        try:
            outcome: tuple[str, str] = self._child.request(str(path))
        except ChildEndedError as error:
            outcome = "crash", error.how
        except ChildOverdueError:
            outcome = "hang", f"more than {_SECONDS:g} s"
        except ChildOutOfMemoryError:
            outcome = "memory", "beyond the limit"
        if self._child.ended:
            self._child = None
        return outcome

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.end()


def run(
    inputs: int,
    seed: int,
    first: int = 0,
    only: str = "",
    keep: Path | None = None,
    load: bool = False,
) -> int:
    """Open so many inputs; print what was found; return how many went wrong."""
    counts: Counter[str] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="spectracnn-fuzz-") as folder:
        fuzzer = Fuzzer(Path(folder), seed, only, load)
        began = time.monotonic()
        try:
            for number in range(first, first + inputs):
                name, outcome, more = fuzzer.judge(number)
                counts[outcome] += 1
                if outcome not in GOOD:
                    bad += 1
                    print(f"{outcome}: input {number} of seed {seed}, {name}: {more}", flush=True)
                    if keep is not None:
                        (keep / f"{seed}-{number}-{name}").write_bytes(fuzzer.input(number)[1])
        finally:
            fuzzer.close()
        seconds = time.monotonic() - began
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    print(f"{inputs} inputs of seed {seed} from {first} on in {seconds:.0f} s: {told}")
    return bad


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", default="", help="mutate only files whose name fits")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that went wrong")
    parser.add_argument(
        "--load", action="store_true", help="mutate Keras's own models, and load them with Keras"
    )
    args = parser.parse_args()
    bad = run(args.inputs, args.seed, args.first, args.only, args.keep, args.load)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
