"""How agencies speak in our name: each month some of the lines they wrote are chosen at random, for a person to read.

Which ones follows from the agency, the month and the line alone: run again, the same are chosen, and none twice.
"""

from datetime import timedelta
from textwrap import shorten

from odoo.tools import SQL, format_date

from .. import alerts, clock

_TYPE = "recobro_module.activity_type_tone_review"
_TOLD_TYPE = "recobro_module.activity_type_tone_told"

#: Verdicts after which the agency has to be told something: they are nothing without a reason.
NOT_FINE = ("too_hard", "wrong_facts", "other")


def sample(env, company, as_of):
    """Choose lines of the month before `as_of`, where that was not done yet, and ask who answers for each agency.

    One statement on a day on which nothing is to choose, whatever the number of agencies.
    """
    month = (as_of.replace(day=1) - timedelta(days=1)).replace(day=1)
    for model in ("recobro.agency", "recobro.interaction", "recobro.tone.review"):
        env[model].flush_model()
    rows = env.execute_query(_lines(company, month, as_of.replace(day=1)))
    if not rows:
        return
    # sudo: the run chooses, whoever started it
    reviews = env["recobro.tone.review"].sudo()
    reviews = reviews.create([{"agency_id": agency, "line_id": line, "month": month} for agency, line in rows])
    _ask(reviews, month, as_of)


def _lines(company, month, after):
    """SELECT (agency, line): the sample of each agency of which none was taken of this month."""
    return SQL(
        """
        SELECT agency_id, id
          FROM (
            SELECT agency.id AS agency_id, line.id, agency.sample_size,
                   row_number() OVER (
                       PARTITION BY agency.id ORDER BY md5(concat_ws('-', agency.id, %(month)s, line.id)), line.id
                   ) AS place
              FROM recobro_agency agency
              JOIN recobro_interaction line ON line.agency_id = agency.id AND line.company_id = agency.company_id
             WHERE agency.company_id = %(company)s AND agency.sample_size > 0
               AND line.placement_id IS NOT NULL AND line.channel != 'portal' AND line.note != ''
               AND line.date >= %(first)s AND line.date < %(after)s
               AND NOT EXISTS (
                   SELECT FROM recobro_tone_review known WHERE known.agency_id = agency.id AND known.month = %(month)s
               )
          ) chosen
         WHERE place <= sample_size
         ORDER BY agency_id, place
        """,
        company=company.id,
        month=month,
        first=clock.begin_of(company, month),
        after=clock.begin_of(company, after),
    )


def _ask(reviews, month, as_of):
    """Ask who answers for each agency to read its lines, once for all of them."""
    numbers = {agency.id: len(some) for agency, some in reviews.grouped("agency_id").items()}
    alerts.alert(
        reviews.agency_id,
        _TYPE,
        lambda env, agency: env._(
            "Read %(number)s lines that %(agency)s wrote in %(month)s: was the tone right, were the facts?",
            number=numbers[agency.id],
            agency=agency.name,
            month=format_date(env, month, date_format="MMMM y"),
        ),
        deadline=as_of + timedelta(days=7),
        owner=_reader,
    )


def _reader(agency):
    """Return who reads what an agency wrote."""
    admin = agency.env.ref("base.user_admin", raise_if_not_found=False)
    return agency.user_id.filtered("active") or admin or agency.env.user


def without_reason(reviews):
    """Return those of some reviews whose verdict asks for a reason that nobody wrote."""
    return reviews.filtered(lambda review: review.verdict in NOT_FINE and not (review.note or "").strip())


def given(reviews):
    """Note who gave the verdict on some reviews, and take the request away from who has none left to read.

    What is not fine is told to who answers for the agency: they speak with it.
    """
    env = reviews.env
    # sudo: who read it when is the engine's to note; the right to give the verdict was checked by writing it
    reviews.sudo().write({"state": "read", "reviewer_id": env.uid, "reviewed_on": clock.moment(env)})
    agencies = reviews.sudo().agency_id
    agencies.filtered(lambda agency: not counts(agency)[agency.id][2]).activity_unlink([_TYPE])
    for review in reviews.sudo().filtered(lambda one: one.verdict in NOT_FINE):
        _tell(review)


def _tell(review):
    """Ask who answers for an agency to speak with it about one line; further lines are added to the same activity."""
    verdicts = review._fields["verdict"]

    def words(env, _agency):
        line = review.line_id
        return env._(
            "What %(author)s wrote about %(customer)s on %(day)s: “%(said)s”. %(reviewer)s finds: %(verdict)s. "
            "To say to the agency: %(note)s",
            author=line.agency_author or review.agency_id.name,
            customer=line.partner_id.display_name,
            day=format_date(env, line.date),
            said=shorten(line.note or "", 200, placeholder="…"),
            reviewer=review.reviewer_id.name,
            verdict=dict(verdicts._description_selection(env))[review.verdict],
            note=review.note,
        )

    deadline = clock.today(review.env, review.company_id) + timedelta(days=3)
    alerts.alert(review.agency_id, _TOLD_TYPE, words, deadline=deadline, owner=_reader, is_further=True)


def counts(agencies):
    """Return {agency id: (lines found fine, lines read, lines to read)}."""
    groups = agencies.env["recobro.tone.review"]._read_group(
        [("agency_id", "in", agencies.ids)], ["agency_id", "verdict"], ["__count"]
    )
    found = dict.fromkeys(agencies.ids, (0, 0, 0))
    for agency, verdict, number in groups:
        fine, read, waiting = found[agency.id]
        found[agency.id] = (
            fine + number * (verdict == "fine"),
            read + number * bool(verdict),
            waiting + number * (not verdict),
        )
    return found
