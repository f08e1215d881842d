"""The formal letter before legal steps: the days it gives count from its proof of delivery, and anew from each answer.

A letter of the stage pre-legal is one. While its days run no level of the stage legal is proposed for an item in it;
without proof that it arrived, none is either. An item that never had such a letter waits for nothing.

Nor does the customer get a second one meanwhile: what reaches that level waits in its place, and the next letter is
about all of it. What comes while a letter still waits for its approval is in that one (`joining`).
"""

from dataclasses import dataclass
from datetime import timedelta

from odoo.tools import SQL, format_date

from ...const import ANSWERS, LETTER_DAYS_TO_PAY, NO_ANSWERS
from .. import clock

#: Days after which who answers for a case is asked for the proof of delivery of its letter, once for each letter.
ASKED_AFTER = 10
#: Results by which a customer that we called or wrote to has answered.
_SAID = tuple(result for result in ANSWERS if result != "answered")

#: States of a letter that was approved and has not come back.
_APPROVED = ("planned", "sending", "done", "missed")
#: Whether something in a letter `action` is still owed, by the books: what was paid today has its item open until the
#: day was decided.
_IS_OWED = SQL(
    """
    EXISTS (
        SELECT FROM recobro_action_line line
          JOIN recobro_item item ON item.id = line.item_id AND item.state = 'open'
          LEFT JOIN account_move_line entry ON entry.id = item.res_id AND item.res_model = 'account.move.line'
         WHERE line.action_id = action.id AND line.state IN ('planned', 'sending', 'done', 'missed')
           AND entry.reconciled IS NOT TRUE
    )
    """
)


@dataclass
class Letter:
    """The last formal letter with an item in it: what keeps the item from legal steps, and until when."""

    action_id: int
    sent_on: object
    delivered_on: object
    answered_on: object
    free_on: object
    wait: str | None

    @property
    def last_day(self):
        """Return the last day the customer has, None while nobody knows when the letter arrived."""
        return self.free_on and self.free_on - timedelta(days=1)


def is_awaited(policies):
    """Return whether some level of these policies has to wait for formal letters: else nothing is asked of them."""
    return any(level.active and level.stage == "legal" for level in policies.level_ids)


def is_written(policies):
    """Return whether some level of these policies is a formal letter."""
    return any(level.active and (level.stage, level.channel) == ("pre_legal", "letter") for level in policies.level_ids)


def of_row(company, as_of, row, condition=None):
    """Return the SELECT of the last formal letter that went out with an item, at most one row.

    Its columns are those of `Letter`, and `level_id`, the level by which the item was in it. One that was approved and
    never posted counts as one that nobody can prove. What came back is none: its items step back and get another.

    :param row: SQL name of a row with `item_id` and `partner_id`.
    :param condition: SQL on rows from outside, without which no letter is looked for. It belongs in here: on the join
        it would be asked once the letter of each row was found.
    """
    return SQL(
        """
        SELECT action_id, level_id, sent_on, delivered_on, answered_on, free_on,
               CASE WHEN free_on IS NULL THEN 'no_proof' WHEN free_on > %(as_of)s THEN 'grace' END AS wait
          FROM (
               SELECT action.id AS action_id, line.level_id, action.sent_on, action.delivered_on,
                      answer.day AS answered_on,
                      CASE WHEN action.delivered_on IS NOT NULL
                           THEN GREATEST(action.delivered_on, answer.day) + 1
                                + COALESCE(NULLIF(formal.grace_days, 0), %(days)s) END AS free_on
                 FROM recobro_action action
                 JOIN recobro_action_line line
                   ON line.action_id = action.id AND line.item_id = %(row)s.item_id AND line.state IN ('done', 'missed')
                 JOIN recobro_level formal ON formal.id = line.level_id AND formal.stage = 'pre_legal'
                 LEFT JOIN LATERAL (%(answer)s) answer ON TRUE
                WHERE %(condition)s AND action.partner_id = %(row)s.partner_id AND action.company_id = %(company)s
                  AND action.channel = 'letter' AND action.state IN ('done', 'missed')
                ORDER BY action.id DESC LIMIT 1
               ) letter
        """,
        as_of=as_of,
        days=LETTER_DAYS_TO_PAY,
        row=row,
        condition=condition or SQL("TRUE"),
        company=company.id,
        answer=_last_answer(company, as_of),
    )


def of_customer(company, as_of, row, condition):
    """Return the SELECT of the formal letter that keeps an item out of a further one, at most one row as of `of_row`.

    It is about something else that the customer still owes, and approved: to be posted, on its way, or its days run.
    Without a proof they are taken to begin on the day on which that is asked for: nothing here waits for ever.

    :param row, condition: as of `of_row`.
    """
    return SQL(
        """
        SELECT action_id, NULL::int AS level_id, sent_on, delivered_on, answered_on, free_on,
               CASE WHEN sent_on IS NULL THEN 'letter' WHEN delivered_on IS NULL THEN 'no_proof' ELSE 'grace' END
                   AS wait
          FROM (
               SELECT action.id AS action_id, action.state, action.sent_on, action.delivered_on,
                      answer.day AS answered_on,
                      GREATEST(COALESCE(action.delivered_on, COALESCE(action.sent_on, action.day) + %(asked_after)s),
                               answer.day) + 1 + COALESCE(NULLIF(formal.grace_days, 0), %(days)s) AS free_on
                 FROM recobro_action action
                 JOIN recobro_level formal ON formal.id = action.level_id AND formal.stage = 'pre_legal'
                 LEFT JOIN LATERAL (%(answer)s) answer ON TRUE
                WHERE %(condition)s AND action.partner_id = %(row)s.partner_id AND action.company_id = %(company)s
                  AND action.channel = 'letter' AND action.state IN %(states)s AND %(is_owed)s
                  AND NOT EXISTS (
                      SELECT FROM recobro_action_line own
                       WHERE own.action_id = action.id AND own.item_id = %(row)s.item_id AND own.state IN %(states)s
                  )
               ) letter
         WHERE free_on > %(as_of)s OR state IN ('planned', 'sending')
         ORDER BY sent_on IS NOT NULL, free_on DESC LIMIT 1
        """,
        as_of=as_of,
        asked_after=ASKED_AFTER,
        days=LETTER_DAYS_TO_PAY,
        row=row,
        condition=condition,
        company=company.id,
        answer=_last_answer(company, as_of),
        states=_APPROVED,
        is_owed=_IS_OWED,
    )


def _last_answer(company, as_of):
    """SELECT (day): the last day on which the customer of a row `action` answered after that letter was posted.

    Heard by a person or written in the portal; a visit there, what came back and what a machine wrote are no answers.
    Called by us, they answer by what they say: that somebody took the call says nothing of the letter.
    """
    day = SQL("(said.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", clock.timezone_of(company))
    return SQL(
        """
        SELECT MAX(%(day)s) AS day
          FROM recobro_interaction said
         WHERE said.partner_id = action.partner_id AND said.company_id = action.company_id
           AND said.channel != 'note' AND said.result != ALL(%(none)s)
           AND (said.direction = 'in' OR said.direction = 'out' AND said.result = ANY(%(said)s))
           AND (said.is_automatic IS NOT TRUE OR said.result = ANY(%(answers)s))
           AND %(day)s > action.sent_on AND %(day)s <= %(as_of)s
           AND NOT EXISTS (SELECT FROM recobro_interaction later WHERE later.corrects_id = said.id)
        """,
        day=day,
        as_of=as_of,
        none=list(NO_ANSWERS),
        answers=list(ANSWERS),
        said=list(_SAID),
    )


def of_items(env, company, as_of, item_ids):
    """Return {item id: `Letter`} of those of some items that had a formal letter; one statement."""
    return _of_items(env, item_ids, of_row(company, as_of, SQL("asked")))


def _of_items(env, item_ids, letter):
    """Return {item id: `Letter`} of those of some items for which `letter`, a SELECT about a row `asked`, finds one."""
    if not item_ids:
        return {}
    for model in ("recobro.action", "recobro.action.line", "recobro.level", "recobro.item", "recobro.interaction"):
        env[model].flush_model()
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT asked.item_id, letter.*
              FROM (SELECT id AS item_id, partner_id FROM recobro_item WHERE id = ANY(%(items)s)) asked
              JOIN LATERAL (%(letter)s) letter ON TRUE
            """,
            items=list(item_ids),
            letter=letter,
        )
    )
    names = Letter.__dataclass_fields__
    return {row["item_id"]: Letter(**{name: row[name] for name in names}) for row in rows}


def waiting(actions, as_of):
    """Return {action: `Letter`} of those actions of one company that lead too early to legal steps, or a second letter.

    :param actions: `recobro.action` in sudo; of its items, those that are still to climb are looked at.
    """
    company, asked = actions.company_id, SQL("asked")
    legal = actions.filtered(lambda action: action.stage == "legal")
    kept = _kept(legal, of_row(company, as_of, asked)) if legal else {}
    letters = actions.filtered(_is_one)
    return kept | (_kept(letters, of_customer(company, as_of, asked, SQL("TRUE"))) if letters else {})


def _is_one(action):
    """Return whether an action is a formal letter."""
    return (action.stage, action.channel) == ("pre_legal", "letter")


def _kept(actions, letter):
    """Return {action: `Letter`} of those actions some item of which the letter that is found for it keeps waiting."""
    lines = {
        action: action.line_ids.filtered(lambda line: line.state in ("planned", "to_approve")) for action in actions
    }
    found = _of_items(actions.env, [item for of_action in lines.values() for item in of_action.item_id.ids], letter)
    kept = {}
    for action, of_action in lines.items():
        letters = [found[item] for item in of_action.item_id.ids if item in found and found[item].wait]
        if letters:
            kept[action] = next((letter for letter in letters if letter.wait == "no_proof"), letters[0])
    return kept


def further(actions):
    """Return the formal letters that are decided together with an earlier one to the same customer."""
    letters = actions.filtered(_is_one).sorted(lambda action: (action.day, action.id))
    first = {action.partner_id: action for action in reversed(letters)}
    return letters.filtered(lambda action: first[action.partner_id] != action)


def why(env, customer, letter):
    """Return why a formal letter keeps its customer from legal steps, in words."""
    if letter.wait == "no_proof":
        return env._(
            "Nothing proves that the formal letter reached %(customer)s: record the proof of delivery first, or send "
            "it again.",
            customer=customer.display_name,
        )
    if letter.answered_on and letter.answered_on > letter.delivered_on:
        return env._(
            "%(customer)s answered the formal letter on %(day)s, so its days count anew: they have until %(until)s.",
            customer=customer.display_name,
            day=format_date(env, letter.answered_on),
            until=format_date(env, letter.last_day),
        )
    return env._(
        "%(customer)s has until %(until)s: the formal letter was delivered on %(day)s.",
        customer=customer.display_name,
        day=format_date(env, letter.delivered_on),
        until=format_date(env, letter.last_day),
    )


def why_one(env, customer, letter=None):
    """Return why a customer gets no further formal letter now, in words: one is on its way, its days run, or both wait.

    :param letter: the `Letter` that keeps it; None when it is decided together with an earlier one.
    """
    if letter and letter.wait != "letter":
        return env._(
            "%(customer)s gets one formal letter at a time: the one before gives them until %(until)s.",
            customer=customer.display_name,
            until=format_date(env, letter.last_day),
        )
    return env._(
        "%(customer)s gets one formal letter at a time: another one is to be posted first, and its days to pass.",
        customer=customer.display_name,
    )


def story(env, letter):
    """Return what became of a formal letter whose days have passed, for who decides on what follows."""
    values = {"sent": format_date(env, letter.sent_on), "day": format_date(env, letter.delivered_on)}
    values["until"] = format_date(env, letter.last_day)
    if letter.answered_on:
        return env._(
            "Formal letter posted on %(sent)s, delivered on %(day)s. Last answer on %(answer)s; its days passed on "
            "%(until)s.",
            answer=format_date(env, letter.answered_on),
            **values,
        )
    return env._(
        "Formal letter posted on %(sent)s, delivered on %(day)s. Its days passed on %(until)s and they did not get "
        "in touch.",
        **values,
    )
