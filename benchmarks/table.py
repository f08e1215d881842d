"""The rows of the benchmarks as a table that a terminal can show."""

HEADINGS = ("case", "items", "median", "spread", "queries", "peak MB", "× floor", "× peer", "met", "goal")


def text(rows):
    """The table of the rows, with a line below for what each notes beside its figures.

    >>> print(text([
    ...     {"case": "walk", "items": 1000, "median_s": 0.25, "spread": 0.1, "queries": 7, "peak_mb": 81.5,
    ...      "ratio_floor": 2.44, "ratio_peer": None, "goal": "≤ 3 × floor", "met": True, "note": ""},
    ...     {"case": "run", "items": 1000, "median_s": None, "spread": None, "queries": None, "peak_mb": None,
    ...      "ratio_floor": None, "ratio_peer": None, "goal": "", "met": False, "note": "failed: it fell"},
    ... ]))
    case  items    median  spread  queries  peak MB  × floor  × peer  met  goal
    ----------------------------------------------------------------------------------
    walk  1,000  250.0 ms    ±5 %        7       82      2.4          yes  ≤ 3 × floor
    run   1,000    failed                                             NO
    <BLANKLINE>
      run (1,000): failed: it fell
    """
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    shown = [_line(line, widths) for line in lines]
    shown.insert(1, "-" * max(map(len, shown)))
    notes = [f"  {row['case']} ({row['items']:,}): {row['note']}" for row in rows if row["note"]]
    return "\n".join([*shown, *(["", *notes] if notes else [])])


def _cells(row):
    """The texts of one row's cells."""
    return (
        row["case"],
        f"{row['items']:,}",
        _seconds(row["median_s"]),
        "" if row["spread"] is None else f"±{row['spread'] * 50:.0f} %",
        "" if row["queries"] is None else f"{row['queries']:,}",
        "" if row["peak_mb"] is None else f"{row['peak_mb']:.0f}",
        "" if row["ratio_floor"] is None else f"{row['ratio_floor']:.1f}",
        "" if row["ratio_peer"] is None else f"{row['ratio_peer']:.0f}",
        {True: "yes", False: "NO", None: ""}[row["met"]],
        row["goal"],
    )


def _seconds(median):
    """A time by its size."""
    if median is None:
        return "failed"
    return f"{median * 1000:.1f} ms" if median < 1 else f"{median:.2f} s"


def _line(cells, widths):
    """One line: words to the left, numbers to the right."""
    left = (HEADINGS.index("case"), HEADINGS.index("met"), HEADINGS.index("goal"))
    aligned = (
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()
