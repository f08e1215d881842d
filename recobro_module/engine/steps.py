"""Step 3, item by item: where each stands on its ladder, which level comes next, and whether that is due."""

from odoo.tools import SQL

from .placements import formal_letter


def query(company, as_of, policies, items, customer, ahead=False):
    """Return the SELECT of each open item with its next level and whether that is due on `as_of`, before any verdict.

    An item that has its next level already (it was paid while the message was under way and is open again, or the
    level was moved to a later day) gets the one after it. One that got a level today gets no other before tomorrow, so
    that a second run of a day does nothing (rule 5). Items that no policy decides for have no level. What a formal
    letter keeps from legal steps, or from a second letter, has come all the same, with the reason in `letter_wait`;
    `next_day` is then the first day after its grace, and none while nobody knows when it was delivered.

    :param items: SQL name of a relation with the columns of `open_items.query`.
    :param customer: SQL name of the relation of customers with their `policy_id`.
    :param ahead: whether an item's next level counts as come before its day.
    """
    letter, letter_wait, comes = _formal_letter(company, as_of, policies)
    return SQL(
        """
        SELECT placed.line_id, placed.item_id, placed.partner_id, placed.policy_id, placed.due_date,
               placed.days_past_due, placed.delay_days, placed.level_sequence, placed.level_id,
               placed.open_amount, placed.open_company, placed.decimal_places, placed.no_followup, placed.blocked,
               placed.in_payment, placed.busy,
               level.id AS next_level_id, level.delay_days AS next_delay, level.sequence AS next_sequence,
               level.kind, level.channel, %(letter_wait)s AS letter_wait, %(next_day)s AS next_day,
               level.id IS NOT NULL AND NOT placed.busy
                   AND (%(ahead)s OR %(comes)s <= %(as_of)s AND NOT %(climbed_today)s) AS due
          FROM (SELECT placed.*, %(choice)s AS choice_id FROM (%(placed)s) placed OFFSET 0) placed
          LEFT JOIN recobro_level reached ON reached.id = placed.level_id
          LEFT JOIN recobro_action_line given
            ON given.item_id = placed.item_id AND given.level_id = placed.choice_id AND given.state = 'done'
          LEFT JOIN recobro_level level
            ON level.id = CASE WHEN given.id IS NULL THEN placed.choice_id ELSE %(further)s END
          %(letter)s
        """,
        placed=_placed(items, customer),
        choice=_next_level(policies, lambda level: SQL("%s = COALESCE(placed.taken_id, 0)", level.id)),
        further=_next_level(policies, _is_given),
        letter=letter,
        letter_wait=letter_wait,
        comes=comes,
        next_day=_next_day(comes, letter),
        climbed_today=_climbed(as_of),
        ahead=ahead,
        as_of=as_of,
    )


def _formal_letter(company, as_of, policies):
    """Return (join, column, day): what a formal letter keeps rows of `query` from, and when their level would come.

    A legal step waits for the letter with the item in it, a formal letter for the one that the customer has now. The
    grace of the former takes the place of the grace of its level, which would count from the day it was posted. No
    join, and nothing to wait for, where no level is either of them.
    """
    due_day, grace_day = SQL("placed.due_date + level.delay_days"), SQL("placed.level_date + reached.grace_days")
    letters = []
    if formal_letter.is_awaited(policies):
        letters.append(formal_letter.of_row(company, as_of, SQL("placed"), SQL("level.stage = 'legal'")))
    if formal_letter.is_written(policies):
        is_letter = SQL("level.stage = 'pre_legal' AND level.channel = 'letter'")
        letters.append(formal_letter.of_customer(company, as_of, SQL("placed"), is_letter))
    if not letters:
        return SQL(), SQL("NULL::text"), SQL("GREATEST(%s, %s)", due_day, grace_day)
    # Of one level it is one or the other
    found = SQL(" UNION ALL ").join(SQL("(%s)", letter) for letter in letters)
    join = SQL("LEFT JOIN LATERAL (%s) letter ON TRUE", found)
    is_other = SQL("letter.level_id IS DISTINCT FROM placed.level_id")
    return join, SQL("letter.wait"), SQL("GREATEST(%s, CASE WHEN %s THEN %s END)", due_day, is_other, grace_day)


def _next_day(comes, letter):
    """Return the SQL of the first day on which the next level may come; NULL while nobody can tell."""
    if not letter.code:
        return comes
    is_known = SQL("letter.wait IS NULL OR letter.wait = 'grace'")
    return SQL("CASE WHEN %s THEN GREATEST(%s, letter.free_on) END", is_known, comes)


def _placed(items, customer):
    """SELECT: each item with its place on the ladder it climbs, and the level of an action that waits (`taken_id`)."""
    return SQL(
        """
        SELECT item.*, customer.policy_id,
               CASE WHEN customer.policy_id IS NOT NULL
                    THEN COALESCE(item.invoice_policy_id, customer.policy_id) END AS ladder_id,
               busy.item_id IS NOT NULL AND customer.policy_id IS NOT NULL AS busy, busy.level_id AS taken_id
          FROM %(items)s item
          LEFT JOIN %(customer)s customer ON customer.partner_id = item.partner_id
          LEFT JOIN recobro_action_line busy
            ON busy.item_id = item.item_id AND busy.state IN ('planned', 'to_approve', 'sending')
        """,
        items=items,
        customer=customer,
    )


def _climbed(as_of):
    """Return the SQL condition that the item of a row `placed` got its level on `as_of`: sent or done, not missed."""
    return SQL(
        """(placed.level_date = %(as_of)s AND EXISTS (
            SELECT FROM recobro_action_line line
             WHERE line.item_id = placed.item_id AND line.level_id = placed.level_id AND line.state = 'done'
        ))""",
        as_of=as_of,
    )


def _is_given(level):
    """Return the SQL condition that the item of a row `placed` has a level already, or is about to have it."""
    return SQL(
        """EXISTS (
            SELECT FROM recobro_action_line line
             WHERE line.item_id = placed.item_id AND line.level_id = %s
               AND line.state IN ('planned', 'to_approve', 'sending', 'done')
        )""",
        level.id,
    )


def _next_level(policies, is_given):
    """Return the SQL expression of the lowest level above the position of an item, a row `placed` of `_placed`.

    An expression, not a join: there are few levels and many items. Levels before the due date are left out once it has
    passed, and old debt met for the first time starts at the entry level (rule 5).

    :param is_given: function of a level that returns the SQL condition that the item has it already.
    """
    return SQL(
        "CASE WHEN placed.line_id > 0 THEN %s ELSE %s END",
        _ladders(policies, "invoice", is_given),
        _ladders(policies, "instalment", is_given),
    )


def _ladders(policies, subject, is_given):
    """Return the SQL expression of the next level on the ladder for `subject` that an item of `placed` climbs."""
    ladders = [
        SQL("WHEN %s THEN %s", policy.id, _lowest(policy, levels, is_given))
        for policy in policies
        if (levels := _levels(policy, subject))
    ]
    return SQL("CASE placed.ladder_id %s END", SQL(" ").join(ladders)) if ladders else SQL("NULL::int")


def _levels(policy, subject):
    return policy.level_ids.filtered(lambda level: level.active and level.subject == subject).sorted(_position)


def _lowest(policy, levels, is_given):
    """Return the SQL expression of the lowest of the `levels` (in order) of one policy, see `_next_level`."""
    late = levels.filtered(lambda level: level.delay_days > 0)
    entry = _position(((policy.entry_level_id.filtered("active") & levels) or late or levels)[:1])
    return SQL(
        "CASE %s END",
        SQL(" ").join(
            SQL(
                """WHEN (placed.delay_days IS NULL OR (placed.delay_days, placed.level_sequence) < %(place)s)
                        AND (%(not_early)s OR placed.days_past_due <= 0)
                        AND (%(from_entry)s OR placed.delay_days IS NOT NULL OR placed.first_seen <= placed.due_date)
                        AND NOT %(is_given)s
                   THEN %(level)s""",
                place=_position(level),
                not_early=level.delay_days >= 0,
                from_entry=_position(level) >= entry,
                is_given=is_given(level),
                level=level.id,
            )
            for level in levels
        ),
    )


def _position(level):
    """Return where a level stands on its ladder."""
    return level.delay_days, level.sequence
