"""The cohort pages' child process: what takes long is computed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from spectracnn.core.progress import Progress
    from spectracnn.jobs.serving import Reporter, Work


class CohortRequest(Protocol):
    """Something to compute, with all that it needs."""

    def run(self, progress: Progress) -> Any:
        """Return the result; raises `SpectraCNNError` where it cannot be computed."""


def cohort_work() -> Work:
    """Make the child's work; libraries are imported by the requests that need them."""

    def work(request: CohortRequest, reporter: Reporter) -> Any:
        return request.run(reporter.progress())

    return work
