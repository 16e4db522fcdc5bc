from spectracnn.state.lessons import LessonProgress


def test_progress_survives_and_nonsense_begins_anew():
    progress = LessonProgress(current="relu").with_done("drum").with_done("slide")
    assert LessonProgress.from_json(progress.to_json()) == progress
    for record in (None, [], {"version": 9}, {"version": 1, "done": 3, "current": 4}):
        assert LessonProgress.from_json(record) == LessonProgress()
