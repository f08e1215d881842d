"""What an answer holds: its amount spread over items, kept in `recobro.hold` for as long as the answer stands.

The engine obeys the holds and knows nothing of the answers behind them (DESIGN.md, rule 2). Reading and writing are a
bounded number of statements, whatever the number of answers.
"""

from odoo.tools import SQL, float_is_zero


def spread(open_amounts, amount):
    """Return {key: part of `amount`} over {key: open amount}, filled in order (the oldest first); no part is zero.

    >>> spread({"A": 600.0, "B": 600.0}, 1000.0)
    {'A': 600.0, 'B': 400.0}
    >>> spread({"A": 600.0, "B": 600.0}, 500.0)
    {'A': 500.0}
    >>> spread({"A": 0.1, "B": 0.2}, 5.0)
    {'A': 0.1, 'B': 0.2}
    """
    parts = {}
    for key, open_amount in open_amounts.items():
        part = min(open_amount, amount)
        if part > 0 and not float_is_zero(part, precision_digits=6):
            parts[key] = part
            amount -= part
    return parts


def holds_on(env, company, as_of, item_ids):
    """Return what holds some items themselves on `as_of`, as dicts; a pause of the whole customer is not in it."""
    env["recobro.hold"].flush_model()
    return env.execute_query_dict(
        SQL(
            """
            SELECT item_id, source_model, source_id, COALESCE(amount, 0) AS amount, reason, reference
              FROM recobro_hold
             WHERE active AND company_id = %(company)s AND item_id = ANY(%(items)s)
               AND date_from <= %(as_of)s AND (date_until IS NULL OR date_until >= %(as_of)s)
            """,
            company=company.id,
            items=list(item_ids),
            as_of=as_of,
        )
    )


def free_amounts(items, holds):
    """Return {item id: what is open of it and held by none of `holds`}, in the order of `items`.

    :param items: open `recobro.item`s.
    :param holds: rows of `holds_on`.
    """
    free = {item.id: item.amount_open for item in items}
    for hold in holds:
        item = hold["item_id"]
        if item in free:
            free[item] = max(0.0, free[item] - hold["amount"]) if hold["amount"] else 0.0
    return free


def place(held):
    """Make the holds in force of some answers just what is given: written, changed, ended.

    Only what changes leaves a mark: the refresh that a mark asks for comes here again, and must come to rest.

    :param held: {answer record: {`recobro.item`: values of its hold}}; values have at least `amount` (in the item's
        currency, above 0) and may have `date_until`. An answer with an empty dict holds nothing any more.
    """
    for answers in _by_model(held):
        known = _in_force(answers)
        new, over = [], answers.env["recobro.hold"].sudo()
        touched = set()
        for answer in answers:
            before = {hold.item_id: hold for hold in known.get(answer.id, ())}
            for item, values in held[answer].items():
                values = {**answer._prepare_hold_vals(), **values}
                hold = before.pop(item, None)
                if not hold:
                    new.append({**values, "item_id": item.id})
                    touched.add(answer.id)
                elif changed := {name: value for name, value in values.items() if _differs(hold, name, value)}:
                    hold.write(changed)
                    touched.add(answer.id)
            for hold in before.values():
                over |= hold
                touched.add(answer.id)
        over.write({"active": False})
        # sudo: what an answer holds follows from the answer, which the person at work may record
        answers.env["recobro.hold"].sudo().create(new)
        _mark(answers.browse(touched))


def end(answers):
    """End all that some answers of one model hold; it stays in the history."""
    if answers:
        place(dict.fromkeys(answers, {}))


def in_force(answers):
    """Return the holds in force of some answers of one model, as `recobro.hold` in sudo."""
    # sudo: whoever may see an answer may see what it holds
    return (
        answers.env["recobro.hold"]
        .sudo()
        .search([("source_model", "=", answers._name), ("source_id", "in", answers.ids)])
    )


def _in_force(answers):
    return in_force(answers).grouped("source_id")


def _by_model(held):
    """Yield the answers of each model that is in `held`."""
    models = {}
    for answer in held:
        models.setdefault(answer._name, []).append(answer.id)
    env = next(iter(held)).env if held else None
    for name, ids in models.items():
        yield env[name].browse(ids)


def _differs(hold, name, value):
    field = hold._fields[name]
    if field.type == "monetary":
        return hold.currency_id.compare_amounts(hold[name], value) != 0
    return field.convert_to_write(hold[name], hold) != (value or False)


def _mark(answers):
    """What the cases show of these customers is out of date."""
    answers.env["recobro.mark"]._add((answer.partner_id.id, answer.company_id.id) for answer in answers)
