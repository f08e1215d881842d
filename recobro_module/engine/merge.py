"""Two customers become one: their open cases are joined, and everything that names them follows."""

from odoo.tools import SQL

from . import clock

# Collections' columns that name a partner without a foreign key, so that core's merge does not see them.
#: Tables with the customer (commercial entity) in partner_id.
_CUSTOMERS = (
    "recobro_case",
    "recobro_item",
    "recobro_action",
    "recobro_hold",
    "recobro_interaction",
    "recobro_payment_in_hand",
    "recobro_payment_plan",
    "recobro_promise",
    "recobro_dispute",
    "recobro_insolvency",
    "recobro_placement",
    "recobro_credit_insurance",
    "recobro_suspension",
)
#: Tables with the person written or spoken to in contact_id.
_CONTACTS = (
    "recobro_action",
    "recobro_interaction",
    "recobro_payment_in_hand",
    "recobro_payment_plan",
    "recobro_promise",
    "recobro_dispute",
)


def join_customers(env, sources, target):
    """Join the cases of the partners `sources` to those of the customer that `target` is, or belongs to.

    Every name of a person points at `target` after it, every name of a customer at that customer. Positions on the
    ladder, actions and log stay as they are. Of two open cases in a company the oldest goes on.
    """
    env.flush_all()
    customer = _customer_after(sources, target)
    _hand_down(env, sources, target)
    _join_open_cases(env, sources | target | customer, customer)
    env.flush_all()
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    for table in _CUSTOMERS:
        _rename(env, table, "partner_id", (sources | target) - customer, customer)
    for table in _CONTACTS:
        _rename(env, table, "contact_id", sources, target)
    _rename(env, "recobro_payment_plan", "accepted_contact_id", sources, target)
    _forget_figures(env, (sources | target) - customer)
    env.cr.execute("SET LOCAL recobro.door = ''")
    env.invalidate_all()


def _customer_after(sources, target):
    """Return the commercial entity that `target` is, or belongs to, once core has put the values of `sources` on it."""
    if any((sources | target).mapped("is_company")):
        return target
    parent = target.parent_id or sources.parent_id[-1:]
    return parent.commercial_partner_id or target


def _hand_down(env, sources, target):
    """Give `target` the policy and the collector of `sources` where it has none of its own, company by company."""
    # sudo: who may merge contacts merges them whole, also what only collections may choose
    for company in env["res.company"].sudo().search([]):
        new, old = target.sudo().with_company(company), sources.sudo().with_company(company)
        for name in ("recobro_policy_id", "recobro_user_id"):
            if old[name] and not new[name]:
                new[name] = old[name][-1]


def _rename(env, table, column, old, new):
    """Let `column` name the partner `new` where it names one of `old`."""
    env.cr.execute(
        SQL(
            "UPDATE %(table)s SET %(column)s = %(new)s WHERE %(column)s = ANY(%(old)s)",
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            new=new.id,
            old=old.ids,
        )
    )


def _forget_figures(env, partners):
    """Take away the figures of who is no customer any more; the daily job works out those of both together."""
    env.cr.execute(SQL("DELETE FROM recobro_customer_figure WHERE partner_id = ANY(%s)", partners.ids))


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
    for answers in (
        "recobro.promise",
        "recobro.dispute",
        "recobro.payment.in.hand",
        "recobro.payment.plan",
        "recobro.insolvency",
        "recobro.placement",
        "recobro.suspension",
    ):
        # sudo: the cases are in sudo, and what was answered goes on with them
        env[answers].sudo().search([("case_id", "=", case.id)]).write({"case_id": kept.id})
    case.activity_ids.write({"res_id": kept.id})
    env.flush_all()
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    env.cr.execute("UPDATE recobro_interaction SET case_id = %s WHERE case_id = %s", [kept.id, case.id])
    env.cr.execute("SET LOCAL recobro.door = ''")
