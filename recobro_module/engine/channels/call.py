"""What a caller has before them: who, what is owed and since when, what was said last, what is open, what to offer.

Made when a task is handed over, and live in the dialog that logs it. All the calls of a batch are prepared by a
bounded number of statements; a view (`recobro_module.call_script`) lays out what is put into words here.
"""

from dataclasses import dataclass

from odoo.tools import SQL, format_amount, format_date, format_datetime, formatLang

from .. import clock, policies
from ..statement import statements
from . import answers_open

#: Items named, and lines of the log told of.
_MOST_ITEMS, _MOST_SAID = 4, 3
#: Characters shown of what somebody wrote down.
_MOST_WORDS = 160
#: What is in the log and nobody said: what waits in a queue, and who looked at the portal.
_NOT_SAID = ("queued", "cancelled", "visited", "downloaded")


@dataclass(frozen=True)
class Person:
    """Somebody to talk to, ready to show."""

    name: str
    roles: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Brief:
    """What a caller has before them of one customer, ready to show; each list is of sentences."""

    people: list
    owed: str
    items: list
    open: list
    said: list
    offers: list
    script: str


class Briefing:
    """What is read at once for the calls to some customers of one company.

    :param cases: `recobro.case` in sudo, of one company.
    """

    def __init__(self, cases):
        self.env = cases.env
        [self.company] = cases.company_id
        self.as_of = clock.today(self.env, self.company)
        partners = cases.partner_id
        self.statements = statements(self.env, self.company, self.as_of, {id_: set() for id_ in partners.ids})
        self.policies = policies.of_customers(self.env, self.company, partners.ids)
        self.open = answers_open.of_customers(self.env, self.company, partners.ids)
        self.said = _said(self.env, cases)
        people = self.env["res.partner"].search(
            [("commercial_partner_id", "in", partners.ids), ("recobro_role_ids", "!=", False)]
        )
        self.people = people.grouped("commercial_partner_id")

    def script(self, case, contact, level, user):
        """Return the HTML for a call to `contact` about a case, in the language of `user`, who makes it."""
        words = _Words(self, user)
        partner = case.partner_id.with_env(words.env)
        brief = Brief(
            people=words.people(partner, contact.with_env(words.env)),
            owed=words.owed(self.statements[partner.id]),
            items=words.items(self.statements[partner.id]),
            open=answers_open.in_words(words.env, self.open.get(partner.id, [])),
            said=[words.said(line) for line in self.said.get(case.id, [])],
            offers=words.offers(self.policies.get(partner.id)),
            script=level.with_env(words.env).script,
        )
        return words.env["ir.qweb"]._render("recobro_module.call_script", {"brief": brief})


def script_of(case, contact, level, user):
    """Return the script for one call, as of now. See `Briefing.script`."""
    case = case.sudo()  # sudo: whoever may open the case to log a call may know what it is about
    return Briefing(case).script(case, contact.sudo(), level.sudo(), user)


def scripts(actions):
    """Return {action: script} of the tasks of a batch of one company, each in the language of who does it."""
    briefing = Briefing(actions.case_id)
    return {
        action: briefing.script(action.case_id, action.contact_id, action.level_id, doer_of(action))
        for action in actions
    }


def doer_of(action):
    """Return who does a task: its responsible, else the policy's, else the administrator."""
    return action.user_id or action.policy_id.user_id or action.env.ref("base.user_admin")


def _said(env, cases):
    """Return {case id: the last lines of its log that say something, the latest first}."""
    env["recobro.interaction"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT id FROM (
                SELECT id, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY date DESC, id DESC) AS place
                  FROM recobro_interaction
                 WHERE case_id = ANY(%s) AND result NOT IN %s
            ) said WHERE place <= %s
            """,
            cases.ids,
            _NOT_SAID,
            _MOST_SAID,
        )
    )
    lines = env["recobro.interaction"].search([("id", "in", [line for (line,) in rows])])
    return lines.grouped(lambda line: line.case_id.id)


class _Words:
    """Puts what was read into the language of one user."""

    def __init__(self, briefing, user):
        self.env = user.with_context(lang=user.lang).sudo().env
        self.as_of = briefing.as_of
        self.briefing = briefing

    def people(self, partner, contact):
        """Return who can be talked to: who was chosen first, then the others with a role, as `Person`s."""
        others = self.briefing.people.get(partner, partner.browse()).with_env(self.env)
        return [self._person(person) for person in (contact or partner) | others if person.phone or person == contact]

    def _person(self, person):
        hours = ""
        if person.recobro_hour_to:
            hours = self.env._(
                "reachable %(start)s to %(end)s",
                start=_hour(person.recobro_hour_from),
                end=_hour(person.recobro_hour_to),
            )
        roles = ", ".join(person.recobro_role_ids.mapped("name"))
        return Person(person.name or person.commercial_partner_id.name, roles, person.phone or "", hours)

    def owed(self, statement):
        """Return what is asked for in all, and since when it is due."""
        late = [line for line in statement.lines if line.chased > 0 and line.is_overdue]
        sums = [format_amount(self.env, table.overdue, table.currency) for table in statement.tables if table.overdue]
        if not late:
            return self.env._("Nothing is past due.")
        oldest = max(late, key=lambda line: line.days_past_due)
        return self.env._(
            "%(amount)s past due; the oldest since %(date)s, %(days)s days.",
            amount=" + ".join(sums),
            date=format_date(self.env, oldest.due_date),
            days=oldest.days_past_due,
        )

    def items(self, statement):
        """Return what is asked for, the oldest first: a few items by name, and how many there are besides."""
        asked = [(line, table.currency) for table in statement.tables for line in table.lines if line.chased > 0]
        asked.sort(key=lambda pair: (pair[0].due_date, pair[0].name))
        named = [
            self.env._(
                "%(name)s: %(amount)s, due %(date)s",
                name=line.name,
                amount=format_amount(self.env, line.chased, currency),
                date=format_date(self.env, line.due_date),
            )
            for line, currency in asked[:_MOST_ITEMS]
        ]
        more = len(asked) - len(named)
        return [*named, self.env._("and %(number)s more", number=more)] if more else named

    def said(self, line):
        """Return a line of the log in words: when, how, with whom, what came of it."""
        line = line.with_env(self.env)
        labels = {name: dict(line._fields[name]._description_selection(self.env)) for name in ("channel", "result")}
        facts = [
            format_datetime(self.env, line.date, tz=clock.timezone_of(line.company_id), dt_format="short"),
            labels["channel"].get(line.channel),
            line.contact_id.exists().name,
            labels["result"].get(line.result),
        ]
        words = " ".join((line.note or line.summary or "").split())
        shown = words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"
        told = " · ".join(fact for fact in facts if fact)
        return (f"{told}:" if shown else told, shown)

    def offers(self, policy):
        """Return what the caller may agree on without asking the manager."""
        if not policy:
            return []
        currency = self.briefing.company.currency_id
        values = {
            "count": policy.plan_max_instalments,
            "months": policy.plan_max_months,
            "most": formatLang(self.env, policy.plan_approval_amount, currency_obj=currency),
        }
        found = [self.env._("A promise to pay within %(days)s days.", days=policy.promise_max_days)]
        if policy.plan_approval_amount:
            found.append(
                self.env._(
                    "A payment plan for up to %(most)s: %(count)s instalments at most, over %(months)s months.",
                    **values,
                )
            )
        else:
            found.append(self.env._("A payment plan, which the manager approves."))
        if policy.settlement_approval_amount:
            found.append(
                self.env._(
                    "A discount of up to %(most)s if all is paid as agreed.",
                    most=formatLang(self.env, policy.settlement_approval_amount, currency_obj=currency),
                )
            )
        return found


def _hour(value):
    return f"{int(value)}:{round(value % 1 * 60):02d}"
