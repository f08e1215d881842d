"""Deciding a day: open items, answers, verdicts, planning, all written; beside the floor and the peer."""


def run(bench):
    """Rows of deciding the first day, the next, and the same day again."""
    return []
