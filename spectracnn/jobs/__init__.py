"""Child processes: spawn, talk, cancel, limit, end. No Qt."""
