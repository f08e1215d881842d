"""Two customers become one: their open cases are joined, and everything that names them follows."""

from odoo.tools import SQL

from . import clock

#: Collections' columns that name a partner without a foreign key, so that core's merge does not see them.
_COLUMNS = (
    ("recobro_case", "partner_id"),
    ("recobro_item", "partner_id"),
    ("recobro_action", "partner_id"),
    ("recobro_action", "contact_id"),
    ("recobro_hold", "partner_id"),
    ("recobro_interaction", "partner_id"),
    ("recobro_interaction", "contact_id"),
)


def join_customers(env, sources, target):
    """Join the cases of the partners `sources` to those of `target` and let every name point at `target`.

    Positions on the ladder, actions and log stay as they are. Of two open cases in a company the oldest goes on.
    """
    env.flush_all()
    customer = target.commercial_partner_id
    _join_open_cases(env, sources | target, customer)
    env.flush_all()
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    for table, column in _COLUMNS:
        env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(target)s WHERE %(column)s = ANY(%(sources)s)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                target=target.id,
                sources=sources.ids,
            )
        )
    env.cr.execute("SET LOCAL recobro.door = ''")
    env.invalidate_all()


def _join_open_cases(env, partners, customer):
    """Leave one open case a company for `partners`: the oldest; the others end as merged into it."""
    # sudo: who may merge customers joins their cases in every company
    cases = (
        env["recobro.case"]
        .sudo()
        .search([("partner_id", "in", partners.ids), ("state", "=", "open")], order="opened_on, id")
    )
    for joined in cases.grouped("company_id").values():
        kept, *others = joined
        for case in others:
            _move_into(env, case, kept)
            case.with_context(tracking_disable=True).write(
                {
                    "state": "closed",
                    "stage": "closed",
                    "outcome": "merged",
                    "closed_on": clock.today(env, case.company_id),
                    "next_level_id": False,
                    "next_action_date": False,
                }
            )
            case.message_post(body=env._("Merged into the case of %(customer)s.", customer=customer.display_name))


def _move_into(env, case, kept):
    """Let the items, actions, open activities, mails and log of `case` go on in `kept`.

    What was about to be said to `case` alone is left out: the next run says it once, for both.
    """
    case.action_ids.filtered(lambda action: action.kind == "message")._set_skipped("changed")
    # Answers to the mails of `case` come to where its items are chased now
    case.message_change_thread(kept)
    case.item_ids.write({"case_id": kept.id})
    case.action_ids.write({"case_id": kept.id})
    case.activity_ids.write({"res_id": kept.id})
    env.flush_all()
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    env.cr.execute("UPDATE recobro_interaction SET case_id = %s WHERE case_id = %s", [kept.id, case.id])
    env.cr.execute("SET LOCAL recobro.door = ''")
