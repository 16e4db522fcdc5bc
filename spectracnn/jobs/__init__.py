"""Child processes: one helper for the engine, figures, readers, solvers, training and batches.

`Child` is one process and its pipe; `Worker` keeps one warm and asks it synchronously; `Pool` keeps
several busy; `Job` runs one request in the background and reports to a listener; `Supervisor` and
`Inbox` serve a thread that converses with a child by itself. No Qt, and nothing of this imports
what the child runs.
"""
