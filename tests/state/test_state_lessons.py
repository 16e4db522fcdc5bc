import json

from spectracnn.core.restoring import plain, restored
from spectracnn.state.lessons import LessonProgress


def test_progress_survives_and_nonsense_begins_anew():
    progress = LessonProgress(current="relu").with_done("drum").with_done("slide")
    assert restored(LessonProgress, json.loads(json.dumps(plain(progress)))) == progress
    for record in (None, [], {}, {"done": 3, "current": 4}):
        assert restored(LessonProgress, record) == LessonProgress()
