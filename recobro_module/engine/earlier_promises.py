"""Promises made before for some of the same items: which a new one replaces, which stand, and how many are enough."""

from odoo.tools import format_date, format_list, formatLang

#: So many invoices of a promise are named; of more there is a sign.
_NAMED = 5


def rivals(items):
    """Return the open promises, in sudo, for some of the same items."""
    return _about(items, [("state", "=", "open")])


def replaced_by(items):
    """Return the open promises, in sudo, whose place a promise for `items` takes: all that is open of them is in it.

    The others for some of these items stand, with their amount: what the customer said of an invoice that is not
    among `items` would be lost without a word.
    """
    return rivals(items).filtered(lambda promise: still_open(promise) <= items.sudo())


def still_open(promise):
    """Return the items of promises that are still open."""
    return promise.line_ids.item_id.filtered(lambda item: item.state == "open")


def is_past_limit(env, rules, items):
    """Return whether so many promises were made for some of these items that only a manager may take a further one."""
    return has_reached_limit(rules, items) and not _is_manager(env)


def has_reached_limit(rules, items):
    """Return whether as many promises were made for some of these items as the policy takes without a manager.

    One that was withdrawn on the very day it was made was recorded by mistake, and was never made. One withdrawn later
    held its items and was not kept: it counts, or else a collector could promise without end by withdrawing in time.
    """
    made = _about(items, []).filtered(
        lambda promise: not promise.withdrawn_on or promise.withdrawn_on > promise.made_on
    )
    return len(made) >= rules.promise_limit


def _about(items, domain):
    # sudo: what was promised before counts, also what colleagues of a branch recorded
    promises_of_items = items.env["recobro.promise"].sudo()
    return promises_of_items.search([("line_ids.item_id", "in", items.ids), *domain], order="made_on, id")


def _is_manager(env):
    return env.user._is_superuser() or env.user.has_group("recobro_module.group_recobro_manager")


def in_words(env, earlier):
    """Return open promises in words: amount, day, and for which invoices that are still open."""
    return format_list(
        env,
        [
            env._(
                "%(amount)s for %(day)s (%(invoices)s)",
                amount=formatLang(env, promise.amount, currency_obj=promise.currency_id),
                day=format_date(env, promise.date),
                invoices=_named(still_open(promise)),
            )
            for promise in earlier
        ],
    )


def _named(items):
    """Return the names of the invoices of `items`, each once."""
    names = list(dict.fromkeys(items.sorted(lambda item: (item.due_date, item.id)).mapped("name")))
    return ", ".join(names[:_NAMED] + ["…"] * (len(names) > _NAMED))
