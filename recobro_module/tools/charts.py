"""Charts as SVG, for paper: rectangles, lines and text alone, which every program that prints knows.

Everything is drawn in pixels, without a style sheet, and made smaller by a page that is narrower. Series differ by how
dark they are, or by a dashed line, so that a page printed in black and white can be read too. What is not known is
None and leaves a gap.
"""

from html import escape

INK, MUTED, GRID = "#1f2933", "#52606d", "#d9dee3"
#: The ageing buckets, from what is not due to what is very late: each darker than the one before it.
AGES = ("#dbe7f0", "#a9c6dc", "#6d9bbf", "#34658f", "#15314d")
STRONG, LIGHT, GREY = "#34658f", "#c3d6e5", "#aab2bb"

_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 24, 10, 26
_FONT = "font-family='Roboto, Helvetica, Arial, sans-serif'"


def columns(labels, series, width, height, write):
    """Return a chart of columns, the series of each stacked from below.

    :param labels: a text under each column; an empty one leaves its place free.
    :param series: list of (colour, values), a value a column; those below zero hang from the baseline.
    :param write: function that writes a value of the axis.

    >>> chart = columns(["Jan", "Feb"], [("#000000", [10, None]), ("#ffffff", [5, 5])], 200, 100, str)
    >>> chart.count("<rect"), "Feb" in chart, chart.startswith("<svg")
    (3, True, True)
    >>> columns([], [], 200, 100, str).count("<rect")
    0
    >>> chart = columns(["Jan", "Feb", "Mar"], [("#000000", [-10, None, 10])], 200, 100, str)
    >>> chart.count("<rect"), "y='42.0' width='25.1' height='32.0'" in chart, ">-10<" in chart
    (2, True, True)
    """
    stacks = [[values[number] or 0 for _colour, values in series] for number in range(len(labels))]
    low = min((sum(value for value in stack if value < 0) for stack in stacks), default=0)
    high = max((sum(value for value in stack if value > 0) for stack in stacks), default=0)
    frame = _Frame(width, height, low, high)
    parts = [frame.grid(write)]
    step = frame.inner / max(len(labels), 1)
    thick = min(step * 0.66, 46)
    for number, label in enumerate(labels):
        left = frame.left + number * step + (step - thick) / 2
        parts += _stack(frame, left, thick, [colour for colour, _values in series], stacks[number])
        parts.append(_text(left + thick / 2, height - 6, label, anchor="middle"))
    return _svg(width, height, parts)


def lines(labels, series, width, height, write):
    """Return a chart of lines over time, with a point at each value.

    :param series: list of (colour, whether dashed, values).

    >>> chart = lines(["a", "b", "c"], [("#000000", False, [1, None, 3]), ("#000000", True, [1, 2, 3])], 200, 100, str)
    >>> chart.count("stroke-width='2'"), chart.count("<circle"), "stroke-dasharray" in chart
    (3, 5, True)
    """
    known = [value for _colour, _dashed, values in series for value in values if value is not None]
    frame = _Frame(width, height, min([*known, 0]), max(known, default=0))
    parts = [frame.grid(write)]
    step = frame.inner / max(len(labels), 1)
    for number, label in enumerate(labels):
        parts.append(_text(frame.left + (number + 0.5) * step, height - 6, label, anchor="middle"))
    for colour, dashed, values in series:
        points = [
            None if value is None else (frame.left + (number + 0.5) * step, frame.y(value))
            for number, value in enumerate(values)
        ]
        parts += [_path(run, colour, dashed) for run in _runs(points)]
        parts += [_circle(*point, colour, hollow=dashed) for point in points if point]
    return _svg(width, height, parts)


def bars(rows, width):
    """Return a chart of bars that lie one below the other: what is, dark, and what was, light, with its words beside.

    :param rows: list of (label, colour, now, before or None, words).

    >>> chart = bars([("Not due", "#000000", 100, 50, "100 €"), ("Late", "#ffffff", 0, None, "n/a")], 400)
    >>> chart.count("<rect"), "100 €" in chart
    (2, True)
    """
    label_width, words_width, high = 165, 170, 38
    most = max([value or 0 for row in rows for value in row[2:4]], default=0) or 1
    inner = width - label_width - words_width
    parts = []
    for number, (label, colour, now, before, words) in enumerate(rows):
        top = number * high
        parts.append(_text(0, top + 18, label, size=15, colour=INK))
        if now:
            parts.append(_rect(label_width, top + 3, max(inner * now / most, 1), 18, colour))
        if before:
            parts.append(_rect(label_width, top + 23, max(inner * before / most, 1), 6, GREY))
        parts.append(_text(width, top + 18, words, anchor="end", size=15, colour=INK))
    return _svg(width, max(len(rows) * high, 1), parts)


def nice_steps(low, high):
    """Return the values of an axis that holds from `low` to `high`: few, round, the first and last at its ends.

    >>> nice_steps(0, 870)
    [0, 250, 500, 750, 1000]
    >>> nice_steps(0, 0)
    [0, 1]
    >>> nice_steps(-12, 40)
    [-20, 0, 20, 40]
    """
    if high <= low:
        return [0, 1]
    size = 10.0**-9
    while not any(size * factor * 4 >= high - low for factor in (1, 2, 2.5, 5)):
        size *= 10
    step = next(size * factor for factor in (1, 2, 2.5, 5) if size * factor * 4 >= high - low)
    first, last = _floor(low / step), -_floor(-high / step)
    return [_plain(number * step) for number in range(first, last + 1)]


# -----------------------------------------------------------------------------
# PARTS
# -----------------------------------------------------------------------------


class _Frame:
    """Where values stand on a chart with an axis on its left."""

    def __init__(self, width, height, low, high):
        self.left, self.width = _LEFT, width
        self.inner = width - _LEFT - _RIGHT
        self.steps = nice_steps(low, high)
        self.bottom = height - _BOTTOM

    def y(self, value):
        """Return how far from the top a value stands."""
        share = (value - self.steps[0]) / (self.steps[-1] - self.steps[0])
        return self.bottom - share * (self.bottom - _TOP)

    def grid(self, write):
        """Return a line and a text for each step of the axis."""
        return "".join(
            f"<path d='M{self.left} {self.y(value):.1f} H{self.width - _RIGHT}' stroke='{GRID}' stroke-width='1'"
            f" fill='none'></path>{_text(self.left - 6, self.y(value) + 4, write(value), anchor='end')}"
            for value in self.steps
        )


def _stack(frame, left, thick, colours, values):
    """Yield the parts of one column: what is above zero grows up from the baseline, what is below hangs from it."""
    ends = {True: 0, False: 0}
    for colour, value in zip(colours, values, strict=True):
        if value:
            begin = ends[value > 0]
            end = ends[value > 0] = begin + value
            top, bottom = frame.y(max(begin, end)), frame.y(min(begin, end))
            yield _rect(left, top, thick, bottom - top, colour)


def _svg(width, height, parts):
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='{height}' viewBox='0 0 {width} {height}'"
        f" preserveAspectRatio='xMinYMin meet' style='display: block;'>"
        f"{''.join(parts)}</svg>"
    )


def _rect(left, top, width, height, colour):
    return f"<rect x='{left:.1f}' y='{top:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{colour}'></rect>"


def _text(left, top, words, anchor="start", size=13, colour=MUTED):
    return (
        f"<text x='{left:.1f}' y='{top:.1f}' text-anchor='{anchor}' font-size='{size}' fill='{colour}' {_FONT}>"
        f"{escape(str(words))}</text>"
    )


def _path(points, colour, dashed):
    way = " L".join(f"{left:.1f} {top:.1f}" for left, top in points)
    dash = " stroke-dasharray='5 4'" if dashed else ""
    return f"<path d='M{way}' stroke='{colour}' stroke-width='2' fill='none'{dash}></path>"


def _circle(left, top, colour, hollow):
    fill = "#ffffff" if hollow else colour
    return (
        f"<circle cx='{left:.1f}' cy='{top:.1f}' r='2.6' fill='{fill}' stroke='{colour}' stroke-width='1.4'></circle>"
    )


def _runs(points):
    """Yield what of some points lies side by side without a gap."""
    run = []
    for point in [*points, None]:
        if point:
            run.append(point)
        elif run:
            yield run
            run = []


def _floor(value):
    """Return the whole number at or below a value, which rounding may have moved a little."""
    return int((value + 1e-9) // 1)


def _plain(value):
    whole = round(value)
    return whole if abs(value - whole) < 1e-9 else round(value, 9)
