"""What a replay must have done, worked out from the ledger alone: plain Python, nothing of the addon.

`expected` lives the days by the rules of the policies that ship with the module (their ladders, two quiet days, two
messages and four contacts in any seven, Monday to Friday) and says who gets what on which day. Of the playbooks it
knows the steps up to the first that somebody approves; what comes after that, the stories of the playbooks tell. The
other checks look at what was kept.
"""

import email
import email.policy
import re
from collections import Counter, defaultdict
from datetime import date, timedelta

SHARED = ((-5, "email"), (0, "email"), (3, "email"), (7, "call"), (15, "email"))
#: By what `POLICY=` says.
LADDERS = {
    "": SHARED,
    "A": (*SHARED, (30, "call"), (45, "letter")),
    "B": (*SHARED, (21, "call"), (26, "email"), (30, "placement")),
}
#: Channels that wait for an approval: given on the day after, a working day or not.
APPROVED = ("letter", "placement")
#: Days that the agency of playbook B has.
AGENCY_DAYS = 30
#: Of a formal letter: from its approval, on which it is posted, to its delivery; and the days that it then gives.
DELIVERED_AFTER, GRACE_DAYS = timedelta(days=3), timedelta(days=10)
QUIET_DAYS = 2
#: Of an invoice that is marked as disputed: after its date, and after its due date.
OPENED_AFTER, REJECTED_AFTER = timedelta(days=5), timedelta(days=10)
#: Working days that a dispute may take.
SLA_DAYS = 3
#: What a message says of an amount that is in dispute.
TOLD_OF_DISPUTE = r"DSP/\d+/\d+: we are looking into it with you"
WEEK_LIMIT = 2
#: Messages and calls in any seven days; of a day, the message comes before the call.
CONTACT_LIMIT = 4
AGES = (("not_due", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90), ("d90_plus", None))


class Owed:
    """An invoice of the ledger and its place on the ladder."""

    def __init__(self, row):
        self.customer, self.number = row["customer"], row["invoice"]
        self.issued, self.due = date.fromisoformat(row["invoice_date"]), date.fromisoformat(row["due_date"])
        self.settled = date.fromisoformat(row["settled_date"]) if row["settled_date"] else date.max
        self.cents = round(float(row["amount"]) * 100)
        self.reached = None
        self.seen = None
        self.waits = False
        self.disputed = row["disputed"] == "yes" and self.settled > self.issued + OPENED_AFTER
        self.rejected = self.due + REJECTED_AFTER

    def is_open(self, day):
        """Whether it is in the books at the end of a day and not paid."""
        return self.issued <= day < self.settled

    def is_in_dispute(self, day):
        """Whether its ticket is open at the end of a day: from its opening to its rejection, or until it is paid."""
        return self.disputed and self.issued + OPENED_AFTER <= day < min(self.rejected, self.settled)

    def is_held(self, day):
        """Whether it is not asked for: while in dispute, and for the quiet days from its rejection on."""
        quiet = timedelta(days=QUIET_DAYS)
        return self.disputed and self.issued + OPENED_AFTER <= day < min(self.rejected + quiet, self.settled)

    def next_level(self, day, ladder):
        """Return (days, channel) of the level that has come, or None."""
        late = (day - self.due).days
        for days, channel in ladder:
            above = self.reached is None or days > self.reached
            too_early_a_level = days < 0 < late
            old_debt = self.reached is None and self.seen > self.due and days <= 0
            if above and not too_early_a_level and not old_debt:
                return (days, channel) if days <= late else None
        return None


def days_between(first, last):
    """Yield each day from the first to the last."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def expected(rows, first, last, policy=""):
    """Return {(day, customer, channel): {"level", "invoices"}} that the rules ask for."""
    return Expected(rows, LADDERS[policy]).live(first, last)


class Expected:
    """The days of a ledger by the rules alone."""

    def __init__(self, rows, ladder):
        self.invoices = [Owed(row) for row in rows]
        self.ladder = ladder
        self.written, self.contacted, self.away_until = defaultdict(list), defaultdict(list), {}
        self.proposed, self.letters = {}, {}
        self.plan = {}

    def live(self, first, last):
        """Live the days and return what was done."""
        for day in days_between(first, last):
            before, self.proposed = self.proposed, {}
            # Who is handed over today gets nothing more of what was planned this morning
            leaving = {one[0] for one, items in before.items() if one[1] == "placement" and standing(items, day)}
            for key, items in sorted(self.due(day).items(), key=lambda one: one[0][1] != "email"):
                if self.is_left_out(*key, day):
                    continue
                if standing(before.get(key, {}), day):
                    # What waits for its approval is approved with what has come since
                    before[key].update(items)
                elif key[0] not in leaving:
                    self.do(*key, items, day)
            for (customer, channel), items in before.items():
                self.approve(customer, channel, items, day)
        return self.plan

    def due(self, day):
        """Return {(customer, channel): {invoice: level}} whose day has come; of a customer's tasks the highest."""
        due = defaultdict(dict)
        for owed in self.invoices:
            if owed.is_open(day):
                owed.seen = owed.seen or day
                level = owed.next_level(day, self.ladder)
                is_away = day <= self.away_until.get(owed.customer, date.min)
                if level and not (owed.is_held(day) or owed.waits or is_away or self.has_letter(owed, level, day)):
                    due[owed.customer, level[1]][owed] = level[0]
        tasks = defaultdict(dict)
        for (customer, channel), items in due.items():
            if channel != "email":
                tasks[customer][max(items.values())] = channel
        return {key: items for key, items in due.items() if key[1] in ("email", highest(tasks[key[0]]))}

    def has_letter(self, owed, level, day):
        """Whether the customer still has the days of a formal letter, about something else that is owed."""
        posted, items = self.letters.get(owed.customer, (date.min, ()))
        runs = day <= posted + DELIVERED_AFTER + GRACE_DAYS and any(one.is_open(day) for one in items)
        return level[1] == "letter" and runs

    def is_left_out(self, customer, channel, day):
        """Whether the day or a limit forbids it; nobody is contacted by a hand-over."""
        if day.weekday() >= 5 or (channel == "email" and must_wait(self.written[customer], day)):
            return True
        return channel != "placement" and is_enough(self.contacted[customer], day)

    def do(self, customer, channel, items, day):
        """Do what is due, or propose it to who approves it tomorrow; until then nothing else is done with it."""
        if channel in APPROVED:
            self.proposed[customer, channel] = items
            for owed in items:
                owed.waits = True
            return
        self.note(customer, channel, items, day)
        if channel == "email":
            self.written[customer].append(day)

    def approve(self, customer, channel, items, day):
        """Carry out what was proposed yesterday, with what is still owed of it."""
        for owed in items:
            owed.waits = False
        if left := standing(items, day):
            self.note(customer, channel, left, day)
            if channel == "placement":
                self.away_until[customer] = day + timedelta(days=AGENCY_DAYS)
            if channel == "letter":
                self.letters[customer] = day, left

    def note(self, customer, channel, items, day):
        """Write down what was done on a day; the invoices climb."""
        if channel != "placement":
            self.contacted[customer].append(day)
        for owed, level in items.items():
            owed.reached = level
        named = {owed.number: level for owed, level in items.items()}
        self.plan[day, customer, channel] = {"level": max(named.values()), "invoices": named}


def standing(items, day):
    """Return what of {invoice: level} may still be asked for on a day."""
    return {owed: level for owed, level in items.items() if owed.is_open(day) and not owed.is_held(day)}


def highest(levels):
    """Return the channel of the highest of some levels, {days: channel}."""
    return levels[max(levels)] if levels else None


def must_wait(days, day):
    """Whether the quiet days or the limit of a week forbid another message."""
    lately = [earlier for earlier in days if (day - earlier).days < 7]
    return len(lately) >= WEEK_LIMIT or any((day - earlier).days < QUIET_DAYS for earlier in lately)


def is_enough(days, day):
    """Whether the limit of contacts forbids another one, by whatever channel."""
    return sum((day - earlier).days < 7 for earlier in days) >= CONTACT_LIMIT


def of_journal(journal):
    """Return the entries of a journal as `expected` gives them; a second one for the same key is an error."""
    found = {}
    for entry in journal:
        key = date.fromisoformat(entry["day"]), entry["customer"], entry["channel"]
        assert key not in found, f"twice in a day: {key}"
        found[key] = {"level": entry["level"], "invoices": entry["invoices"]}
    return found


def wrong_entries(rows, journal, policy=""):
    """Yield what no rule allows, seen from the journal alone."""
    ladder = LADDERS[policy]
    owed = {row["invoice"]: Owed(row) for row in rows}
    reached, messages, contacts = {}, defaultdict(list), defaultdict(list)
    for entry in journal:
        day = date.fromisoformat(entry["day"])
        yield from wrong_day(entry, day, messages[entry["customer"]], contacts[entry["customer"]])
        if not entry["invoices"] or entry["level"] != max(entry["invoices"].values()):
            yield f"{day}: level {entry['level']} of {entry['invoices']}"
        for number, level in entry["invoices"].items():
            yield from wrong_item(owed[number], entry, day)
            if (level, entry["channel"]) not in ladder or level > (day - owed[number].due).days:
                yield f"{day}: {number} can't have level {level}"
            # A first level may leave out those before the due date, and old debt that of the due date.
            floor = reached.get(number, 0)
            if level <= reached.get(number, -100) or [days for days, _channel in ladder if floor < days < level][:1]:
                yield f"{day}: {number} goes from {reached.get(number)} to {level}"
            reached[number] = level


def wrong_day(entry, day, messages, contacts):
    """Yield why a customer should not have been contacted on a day, and add it to those it was."""
    is_approved, what = entry["channel"] in APPROVED, f"{day}: {entry['customer']}"
    if day.weekday() >= 5 and not is_approved:
        yield f"{what}: not a working day"
    if entry["channel"] == "email":
        if must_wait(messages, day):
            yield f"{what}: too soon"
        messages.append(day)
    if is_enough(contacts, day) and not is_approved:
        yield f"{what}: too many contacts"
    if entry["channel"] != "placement":
        contacts.append(day)


def wrong_item(owed, entry, day):
    """Yield why an invoice should not have been asked for on a day."""
    if not owed.is_open(day) or owed.customer != entry["customer"]:
        yield f"{day}: {owed.number} is not owed by {entry['customer']}"
    if owed.is_held(day):
        yield f"{day}: {owed.number} is in dispute, or was until lately"


def wrong_mail(rows, journal, files):
    """Yield what is wrong with the messages: in the folder but not in the journal, or not true of their day."""
    entries = {entry["message_id"]: entry for entry in journal if entry["message_id"]}
    seen = Counter()
    for path in files:
        with open(path, "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        name = message["Message-Id"]
        seen[name] += 1
        if name not in entries:
            yield f"{path} is not in the journal"
            continue
        yield from wrong_text(rows, entries[name], message)
    yield from (f"{name} is {seen[name]} times in the folder" for name in entries if seen[name] != 1)


def wrong_text(rows, entry, message):
    """Yield what one message says that its day's ledger does not, or the other way round."""
    day, what = date.fromisoformat(entry["day"]), f"{entry['day']} {entry['customer']}"
    owed = [Owed(row) for row in rows if row["customer"] == entry["customer"]]
    owed = [invoice for invoice in owed if invoice.is_open(day)]
    text = re.sub(r"\s+", " ", message.get_body(("plain",)).get_content())
    if [address.addr_spec for address in message["To"].addresses] != entry["to"].split(", "):
        yield f"{what}: sent to {message['To']}"
    role = "director" if entry["level"] >= 15 else "treasury"
    if not entry["to"].startswith(f"{role}@"):
        yield f"{what}: level {entry['level']} to {entry['to']}"
    # Each line of the account: number, due date, how late, amount.
    told = dict(re.findall(r"(\d{10}) \d\d/\d\d/\d{4} (.*? \$ [\d,]+\.\d\d)", text))
    for invoice in owed:
        how = TOLD_OF_DISPUTE if invoice.is_held(day) else re.escape(timing((day - invoice.due).days))
        true = rf"{how} \$ {invoice.cents / 100:,.2f}"
        if not re.fullmatch(true, told.pop(invoice.number, "")):
            yield f"{what}: {invoice.number} is not told as {true}"
    yield from (f"{what}: {number} is not owed" for number in told)
    total = f"Balance $ {sum(invoice.cents for invoice in owed if not invoice.is_held(day)) / 100:,.2f}"
    if total not in text:
        yield f"{what}: no {total}"
    for number in re.findall(r"\b\d{10}\b", f"{message['Subject']} {text}"):
        if number not in {invoice.number for invoice in owed}:
            yield f"{what}: names {number}, which is not owed"
    for number in entry["invoices"]:
        if number not in text:
            yield f"{what}: does not name {number}"


def timing(late):
    """Return how a message says how late an invoice is."""
    if late == 0:
        return "due today"
    if late == -1:
        return "due tomorrow"
    days = f"{abs(late)} day{'s' if abs(late) > 1 else ''}"
    return f"{days} late" if late > 0 else f"in {days}"


def balances(rows, last):
    """Return the figures of the books at the end of the last day, to the cent."""
    known = [Owed(row) for row in rows if date.fromisoformat(row["invoice_date"]) <= last]
    owed = [invoice for invoice in known if invoice.is_open(last)]
    ages = dict.fromkeys((name for name, _to in AGES), 0)
    for invoice in owed:
        late = (last - invoice.due).days
        ages[next(name for name, to in AGES if to is None or late <= to)] += invoice.cents
    return {
        "as_of": last.isoformat(),
        "customers": len({invoice.customer for invoice in known}),
        "invoices": len(known),
        "open_invoices": len(owed),
        "open_amount": sum(invoice.cents for invoice in owed) / 100,
        **{name: cents / 100 for name, cents in ages.items()},
    }


def disputes(rows, last):
    """Return the figures of the disputes at noon of the last day: each moment of theirs is the noon of its day."""
    marked = [invoice for invoice in map(Owed, rows) if invoice.disputed and invoice.issued + OPENED_AFTER <= last]
    ends = [(invoice.issued + OPENED_AFTER, min(invoice.rejected, invoice.settled)) for invoice in marked]
    late = [working_days(opened, min(closed, last)) > SLA_DAYS for opened, closed in ends]
    closed = [closed <= last for _opened, closed in ends]
    return {
        "opened": len(marked),
        "open": closed.count(False),
        "sla_met": sum(is_closed and not is_late for is_closed, is_late in zip(closed, late, strict=True)),
        "sla_missed": sum(late),
    }


def working_days(first, last):
    """Return the working days of 24 hours from the noon of a day to the noon of another."""
    halves = [day for day in days_between(first, last) for _half in ("morning", "afternoon")][1:-1]
    return sum(day.weekday() < 5 for day in halves) / 2
