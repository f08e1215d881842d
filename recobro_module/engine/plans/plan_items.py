"""The instalments of plans in force as items under collection: opened, kept up to date, closed.

`open_items` reads them beside the journal items, so that planning, verdicts and letters need not know of plans.
"""

from odoo.tools import SQL

from ..open_items import INSTALMENT


def save(env, company, as_of, rows):
    """Make the items of the instalments of some plans what the money leaves of them.

    In force an instalment with something left has an open item; a plan that has ended has none.

    :param rows: plans of `plan_money.read`, filled up, with what each is now (`target`).
    """
    new, changed = [], []
    for row in rows:
        rate = None
        for one in row["instalments"]:
            left = one["now"]["left"] if row["target"] == "active" else 0.0
            if not left and one["item_state"] != "open":
                continue
            rate = rate or _rate(env, company, as_of, row)
            values = (left, company.currency_id.round(left * rate))
            if not one["item"]:
                new.append((one, row, values))
            elif _differs(one, values):
                changed.append((one["item"], *values))
                one.update(item_open=values[0], item_company=values[1], item_state="open" if left else "closed")
    _insert(env, company, as_of, new)
    _update(env, changed)
    if new or changed:
        env["recobro.item"].invalidate_model()
        env["recobro.payment.plan.installment"].invalidate_model(["item_id"])


def _rate(env, company, as_of, row):
    """Return what one unit of the plan's currency is in the company's: as the books have what is open of its items."""
    if row["currency"] == company.currency_id:
        return 1.0
    still_open = sum(line["open"] for line in row["lines"])
    if still_open:
        return sum(line["open_company"] for line in row["lines"]) / still_open
    return env["res.currency"]._get_conversion_rate(row["currency"], company.currency_id, company, as_of)


def _differs(one, values):
    state = "open" if values[0] else "closed"
    return (one["item_state"], one["item_open"], one["item_company"]) != (state, *values)


def _insert(env, company, as_of, new):
    """Insert items for instalments that have none yet. They are met on the day the plan began: no old debt."""
    if not new:
        return
    rows = SQL(", ").join(
        SQL(
            "(%s::int, %s::int, %s::varchar, %s::int, %s::int, %s::date, %s::int, %s::numeric, %s::numeric)",
            one["id"],
            row["partner_id"],
            row["name"],
            one["number"],
            len(row["instalments"]),
            one["due_date"],
            row["currency_id"],
            *values,
        )
        for one, row, values in new
    )
    inserted = env.execute_query(
        SQL(
            """
            WITH inserted AS (
                INSERT INTO recobro_item (res_id, partner_id, name, instalment, instalment_count, due_date, currency_id,
                                          amount_open, amount_open_company, company_id, res_model, first_seen, state)
                SELECT new.*, %(company)s, %(model)s, %(as_of)s::date, 'open' FROM (VALUES %(rows)s) AS new
             RETURNING id, res_id
            )
            UPDATE recobro_payment_plan_installment one SET item_id = inserted.id
              FROM inserted WHERE inserted.res_id = one.id
         RETURNING one.id, one.item_id
            """,
            company=company.id,
            model=INSTALMENT,
            as_of=as_of,
            rows=rows,
        )
    )
    items = dict(inserted)
    for one, _row, (left, left_company) in new:
        one.update(item=items[one["id"]], item_state="open", item_open=left, item_company=left_company)


def _update(env, changed):
    """Write the amounts of items; one with nothing left is closed, and keeps its place on the ladder."""
    if not changed:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item
               SET amount_open = now.amount, amount_open_company = now.company,
                   state = CASE WHEN now.amount = 0 THEN 'closed' ELSE 'open' END
              FROM unnest(%s::int[], %s::numeric[], %s::numeric[]) AS now(id, amount, company)
             WHERE item.id = now.id
            """,
            *[list(column) for column in zip(*changed, strict=True)],
        )
    )
