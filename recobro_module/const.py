"""The vocabulary of collections: what a stage, a channel, a state or a reason may be.

Each list is an Odoo selection, so the words are translated where they are shown.
"""

STAGES = [
    ("preventive", "Preventive"),
    ("internal", "Internal"),
    ("agency", "Agency"),
    ("pre_legal", "Pre-legal"),
    ("legal", "Legal"),
]

#: Stages whose levels may select by amount, grade and chance of recovery.
SELECTING_STAGES = ("agency", "legal")

#: Channels a level can use. A glue module adds its own with `selection_add` on
#: `recobro.level.channel` and a `_deliver_<channel>()` on `recobro.action`.
LEVEL_CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("letter", "Letter"),
    ("call", "Call"),
    ("whatsapp", "WhatsApp"),
    ("suspension", "Suspension of service"),
    ("placement", "Hand-over to an agency"),
    ("legal", "Hand-over to a lawyer"),
]
#: Channels that deliver by themselves; the others are tasks of a person.
MESSAGE_CHANNELS = ("email", "sms")
#: Stages above the company's own collecting: whatever leads there is approved by a person (DESIGN.md, rule 6).
STAGES_APPROVED = ("agency", "pre_legal", "legal")

#: Channels a contact can be reached by, and that a log line may name.
CONTACT_CHANNELS = [
    ("email", "E-mail"),
    ("call", "Call"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("letter", "Letter"),
]
LOG_CHANNELS = [*CONTACT_CHANNELS, ("visit", "Visit"), ("portal", "Portal"), ("note", "Note")]

TONES = [
    ("kind", "Kind"),
    ("neutral", "Neutral"),
    ("firm", "Firm"),
    ("formal", "Formal"),
]

ACTION_KINDS = [("message", "Message"), ("task", "Task")]

ACTION_STATES = [
    ("planned", "Planned"),
    ("to_approve", "To approve"),
    ("sending", "Sending"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("skipped", "Left out"),
    ("missed", "Missed"),
]
#: States in which an item may not be given the same level, or a further one, again.
OPEN_ACTION_STATES = ("planned", "to_approve", "sending")
#: States that take up a place in the quiet days and in the week's limit.
COUNTED_ACTION_STATES = (*OPEN_ACTION_STATES, "done")

#: What keeps a next step waiting although its day has come: it is still shown as the next one.
RISE_WAITS = [
    ("grace", "Grace of the formal letter"),
    ("no_proof", "No proof of delivery of the formal letter"),
    ("letter", "Another formal letter is still to be posted"),
    ("not_selected", "Not selected for this stage"),
]

#: Why an item or a customer is not chased today.
LEFT_OUT_REASONS = [
    ("settled", "Settled"),
    ("in_payment", "In payment"),
    ("covered", "Covered by money received and not yet matched"),
    ("under_minimum", "Under the policy's minimum"),
    ("no_followup", "Excluded from follow-up"),
    ("blocked", "Invoice blocked"),
    ("held", "Held"),
    ("stopped", "Collections stopped for the company"),
    ("no_policy", "No policy switched on"),
    ("bank_stale", "Bank not read recently enough"),
    ("no_address", "Nobody can be reached"),
    ("quiet_days", "Quiet days since the last message"),
    ("week_limit", "Limit of messages a week"),
    ("contact_limit", "Limit of contacts a week"),
    ("not_working_day", "Not a working day"),
    ("same_day", "Already written to today"),
    ("changed", "Amounts changed before it was sent"),
    ("cancelled", "Cancelled by a person"),
    ("refused", "Refused by a person"),
    ("joined", "Planned anew with what came since"),
    *RISE_WAITS,
    ("error", "Error"),
]

HOLD_REASONS = [
    ("pause", "Pause"),
    ("promise", "Promise to pay"),
    ("dispute", "Dispute"),
    ("plan", "Payment plan"),
    ("placement", "Placement"),
    ("payment_in_hand", "Payment in hand"),
    ("insolvency", "Insolvency"),
]

LOG_RESULTS = [
    ("queued", "Queued"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("bounced", "Bounced"),
    ("cancelled", "Cancelled"),
    ("answered", "Answered"),
    ("no_answer", "No answer"),
    ("voicemail", "Voicemail"),
    ("wrong_number", "Wrong number"),
    ("promised", "Promised to pay"),
    ("disputed", "Disputes something"),
    ("replied", "Reply received"),
    ("confirmed", "Address confirmed"),
    ("noted", "Noted"),
    ("plan_asked", "Asked for a payment plan"),
    ("plan_agreed", "Agreed on a payment plan"),
    ("plan_declined", "Declined a payment plan"),
    ("visited", "Visited the portal"),
    ("downloaded", "Downloaded from the portal"),
    ("delivered", "Delivered"),
    ("opted_out", "Wants no messages by this channel"),
    ("suspended", "Service suspended"),
    ("released", "Suspension lifted"),
    ("handed_over", "Handed over"),
    ("taken_back", "Taken back"),
]

#: Results by which a line of the log is an answer, whoever called whom.
ANSWERS = ("answered", "promised", "disputed", "replied")
#: Results by which an incoming line is no answer: what came back, and what somebody only looked at in the portal.
NO_ANSWERS = ("bounced", "failed", "visited", "downloaded")

PROMISE_STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly_kept", "Partly kept"),
    ("broken", "Broken"),
    ("withdrawn", "Withdrawn"),
    ("superseded", "Superseded"),
]
#: States of a promise that are a verdict: given again when the money it was given on changes.
PROMISE_VERDICTS = ("kept", "partly_kept", "broken")

DEPARTMENTS = [
    ("sales", "Sales"),
    ("logistics", "Logistics"),
    ("finance", "Finance"),
    ("quality", "Quality"),
]

#: What a stage of a dispute means to its clock: it runs, it stands still, it has ended.
DISPUTE_STAGE_KINDS = [
    ("open", "We are working on it"),
    ("waiting", "Waiting for the customer"),
    ("final", "Closed"),
]
DISPUTE_RESOLUTIONS = [
    ("credit_note", "In the customer's favour (credit note)"),
    ("rejected", "Rejected"),
    ("agreement", "Closed with an agreement"),
    ("paid", "Paid meanwhile"),
]
DISPUTE_SOURCES = [("person", "Opened by a colleague"), ("mail", "By mail"), ("portal", "In the portal")]

#: Why a dispute that came by mail has no customer yet; from "no_sender" on see `tools/mail_trust.py`.
DISPUTE_DOUBTS = [
    ("unknown", "We know nobody with the sender's address."),
    ("ambiguous", "Several customers have the sender's address."),
    ("colleague", "A colleague sent it in."),
    ("automatic", "A machine sent it, not a person."),
    ("no_sender", "It names no sender."),
    ("two_senders", "It names several senders."),
    ("authentication", "The sender's address fails its own domain's check."),
    ("name", "The sender's name shows another address than the mail comes from."),
    ("reply_to", "An answer would go to somebody else than its sender."),
    ("envelope", "It was sent from another domain than the sender's, and nothing vouches for it."),
]

PAYMENT_IN_HAND_KINDS = [
    ("direct_debit", "Direct debit sent to the bank"),
    ("promissory_note", "Promissory note"),
    ("confirming", "Confirming"),
    ("cheque", "Cheque"),
]
PAYMENT_IN_HAND_STATES = [
    ("in_hand", "In hand"),
    ("collected", "Collected"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]

PLAN_STATES = [
    ("draft", "Draft"),
    ("to_approve", "To approve"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("finished", "Finished"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
#: States of a plan that the customer accepted: judged again when the money changes.
PLAN_JUDGED = ("active", "finished", "broken")
#: States in which a plan has its items for itself: no other plan may be about them.
PLAN_HOLDING = ("proposed", "active")
PLAN_SOURCES = [("person", "Proposed by a colleague"), ("portal", "Asked for in the portal")]
PLAN_RHYTHMS = [
    ("weekly", "Every week"),
    ("fortnightly", "Every two weeks"),
    ("monthly", "Every month"),
]
PLAN_REMAINDERS = [("first", "In the first instalment"), ("last", "In the last instalment")]
PLAN_SPLITS = [("count", "By number of instalments"), ("each", "By amount of each")]
INSTALMENT_STATES = [
    ("waiting", "Not in force"),
    ("open", "Open"),
    ("paid", "Paid"),
    ("missed", "Not paid in time"),
    ("over", "Over"),
]
SIGNATURE_KINDS = [("drawn", "Drawn"), ("typed", "Typed"), ("uploaded", "Uploaded"), ("paper", "On paper")]

#: Days that a letter gives to pay when its level names none.
LETTER_DAYS_TO_PAY = 10

#: What the levels of a policy are about.
LEVEL_SUBJECTS = [("invoice", "Invoices"), ("instalment", "Instalments of payment plans")]

#: The two playbooks, and the stage that each does without: they are never mixed.
PLAYBOOKS = [("a", "A · Formal letter, then court"), ("b", "B · Agency, then court")]
PLAYBOOK_LACKS = {"a": "agency", "b": "pre_legal"}

#: Who collects for us, and by which channel of a level a case is handed over to them.
AGENCY_KINDS = [("agency", "Collection agency"), ("lawyer", "Lawyer")]
HAND_OVER_CHANNELS = {"placement": "agency", "legal": "lawyer"}
#: The stage of a case that is with one of them.
HAND_OVER_STAGES = {"agency": "agency", "lawyer": "legal"}
PLACEMENT_STATES = [
    ("proposed", "To decide"),
    ("placed", "Placed"),
    ("finished", "Ended"),
    ("returned", "Time is over"),
    ("recalled", "Recalled"),
    ("refused", "Refused"),
]
#: States of a placement in which money is attributed to it, or may be given back.
PLACEMENTS_JUDGED = ("placed", "finished", "returned", "recalled")
#: What an agency may propose to the company, and what becomes of it: nothing binds before it is accepted.
PROPOSAL_KINDS = [("promise", "Promise to pay"), ("plan", "Payment plan"), ("settlement", "Settlement for less")]
PROPOSAL_STATES = [
    ("proposed", "To decide"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
QUESTION_STATES = [("open", "To answer"), ("answered", "Answered"), ("over", "Not answered in its time")]
#: What a person says of a line that an agency wrote.
TONE_VERDICTS = [
    ("fine", "Fine"),
    ("too_hard", "Too hard"),
    ("wrong_facts", "Wrong facts"),
    ("other", "Other"),
]

#: The file of a lawyer: how it is gone about, and what came of it.
LEGAL_PROCEDURES = [
    ("payment_order", "Order for payment"),
    ("ordinary", "Ordinary proceedings"),
    ("exchange", "Exchange proceedings"),
    ("other", "Other"),
]
LEGAL_OUTCOMES = [
    ("won", "Judgment for us"),
    ("lost", "Judgment against us"),
    ("settled", "Settled"),
    ("withdrawn", "Withdrawn"),
    ("enforcement", "Enforcement"),
    ("uncollectible", "Uncollectible"),
]
#: Outcomes after which nothing more is to be had from the court.
LEGAL_OUTCOMES_LOST = ("lost", "uncollectible")
#: How the days up to a milestone are counted.
MILESTONE_DAYS = [("natural", "Natural days"), ("working", "Working days")]

INSOLVENCY_STATES = [("declared", "Declared"), ("ended", "Concluded")]

#: A suspension of service, or credit hold: proposed by a level or a person, announced to the customer, then in force.
SUSPENSION_STATES = [
    ("proposed", "To approve"),
    ("noticed", "Announced"),
    ("in_force", "In force"),
    ("lifted", "Lifted"),
    ("cancelled", "Called off"),
]
#: States of a suspension that is not over.
SUSPENSIONS_LIVE = ("proposed", "noticed", "in_force")

#: How a customer stands, for who sells to them: the first that is true, the gravest first.
STANDINGS = [
    ("insolvent", "Insolvent"),
    ("on_hold", "On hold"),
    ("announced", "Hold announced"),
    ("disputed", "In dispute"),
    ("plan", "Payment plan"),
    ("promised", "Promised"),
    ("overdue", "Overdue"),
]

OUTCOMES = [
    ("paid", "Paid"),
    ("settled", "Settled with a discount"),
    ("written_off", "Written off"),
    ("uncollectible", "Uncollectible"),
    ("withdrawn", "Withdrawn"),
    ("merged", "Merged into another case"),
]

#: Outcomes with which money was lost.
OUTCOMES_LOST = ("written_off", "uncollectible")

ROOT_CAUSES = [
    ("dispute", "Dispute"),
    ("friction", "Process friction"),
    ("illiquidity", "Illiquidity"),
]

#: Ageing buckets by days past due: (key, label, first day, last day); a due date of today is not overdue.
AGEING_BUCKETS = [
    ("not_due", "Not due", None, 0),
    ("d1_30", "1-30", 1, 30),
    ("d31_60", "31-60", 31, 60),
    ("d61_90", "61-90", 61, 90),
    ("d90_plus", "Over 90", 91, None),
]
BUCKET_SELECTION = [(key, label) for key, label, _first, _last in AGEING_BUCKETS]

#: Days ahead that count as "due soon" on a case.
DUE_SOON_DAYS = 7

#: Actions delivered in one transaction by one worker.
DELIVERY_BATCH = 50

#: Figures of a customer that a grade can limit: columns of `recobro.customer.figure`.
GRADE_FIGURES = [
    ("days_late", "Average days late"),
    ("on_time", "Paid on time (%)"),
    ("broken_promises", "Broken promises"),
    ("exposure_ratio", "Credit limit used (%)"),
    ("months", "Months as a customer"),
    ("concentration", "Share of the ledger (%)"),
]
#: Those of which a grade asks for a least; of the others it allows a most.
GRADE_AT_LEAST = ("on_time", "months")
#: Paid invoices below which a customer has no grade: too little to judge by.
GRADE_MINIMUM_INVOICES = 3
