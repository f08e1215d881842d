"""Whether a failed delivery is worth trying again, and whose fault it is, read from what Odoo keeps of it."""

import re
from datetime import timedelta

#: Odoo's failure types (mail.mail.failure_type) that are the recipient's: its address is wrong.
RECIPIENT_TYPES = {"mail_email_invalid", "mail_email_missing", "mail_bounce"}
#: How smtplib says who was refused (SMTPRecipientsRefused).
_REFUSED = re.compile(r"""["']([^"'\s]+@[^"'\s]+)["']:\s*\(\s*(\d\d\d)\s*,""")
#: Odoo's failure types that no further try can mend; those that are not the recipient's are ours.
PERMANENT_TYPES = {*RECIPIENT_TYPES, "mail_from_invalid", "mail_from_missing", "mail_spam"}
_REPLY_CODE = re.compile(r"\(\s*([45]\d\d)\s*,")
_FIRST_DELAY = timedelta(minutes=5)
_LONGEST_DELAY = timedelta(hours=6)


def is_permanent(failure_type, failure_reason):
    """Return True when the failure is final: an invalid address or a reply code of 5xx (RFC 5321, 4.2.1).

    A lost connection, a password that our server refuses, a reply code of 4xx and whatever cannot be read count
    as temporary.

    >>> is_permanent("mail_email_invalid", "")
    True
    >>> is_permanent("unknown", "SMTPRecipientsRefused: {'a@b.example': (550, b'no such user')}")
    True
    >>> is_permanent("unknown", "SMTPDataError: (452, b'4.3.1 disk full')")
    False
    >>> is_permanent("mail_smtp", "[Errno 111] Connection refused")
    False
    >>> is_permanent("mail_smtp", "(535, b'5.7.8 Authentication failed')")
    False
    """
    if failure_type in PERMANENT_TYPES:
        return True
    if failure_type == "mail_smtp" or "SMTPAuthenticationError" in (failure_reason or ""):
        return False
    codes = _REPLY_CODE.findall(failure_reason or "")
    return bool(codes) and all(code.startswith("5") for code in codes)


def refused_addresses(failure_type, failure_reason, addresses):
    """Return those of `addresses` that a permanent failure is the fault of; none when the sender is to blame.

    Only what was said of the recipients counts: a server that refuses the sender or the message says nothing of them.

    >>> refused_addresses("mail_email_invalid", "", ["a@b.example"])
    ['a@b.example']
    >>> refused_addresses("unknown", "SMTPRecipientsRefused: {'a@b.de': (550, b'no')}", ["a@b.de", "c@d.de"])
    ['a@b.de']
    >>> refused_addresses("unknown", "SMTPSenderRefused: (550, b'5.7.1 not allowed', 'us@e.example')", ["a@b.de"])
    []
    >>> refused_addresses("unknown", "SMTPDataError: (554, b'looks like spam')", ["a@b.example"])
    []
    """
    if failure_type in RECIPIENT_TYPES:
        return list(addresses)
    codes = {address.lower(): code for address, code in _REFUSED.findall(failure_reason or "")}
    return [address for address in addresses if codes.get(address.lower(), "").startswith("5")]


def retry_delay(attempts):
    """Return how long to wait after the `attempts`-th failure: 5 minutes, doubled each time, 6 hours at most.

    >>> [str(retry_delay(n)) for n in (1, 2, 3, 12)]
    ['0:05:00', '0:10:00', '0:20:00', '6:00:00']
    """
    return min(_FIRST_DELAY * 2 ** min(attempts - 1, 16), _LONGEST_DELAY)
