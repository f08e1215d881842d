"""What a placement holds: everything of its customer, or its items alone, for as long as it is out of our hands."""

from .. import holding


def hold(records):
    """Let some placements (in sudo) that are with somebody hold what they hold now; written only where it changes."""
    if records:
        holding.place({record: _held(record) for record in records})


def release(records):
    """Let what some placements (in sudo) held be chased by us again."""
    holding.end(records)


def _held(record):
    """Return what a placement holds; of an item no more than what is still to come for it."""
    everything = record.env["recobro.item"]
    if record.holds_all:
        return {everything: {}}
    parts = {}
    for line in record.line_ids.filtered(lambda line: line.item_id.state == "open"):
        rest = line.currency_id.round(min(line.amount - line.collected, line.item_id.amount_open))
        if line.currency_id.compare_amounts(rest, 0) > 0:
            parts[line.item_id] = {"amount": rest}
    return parts
