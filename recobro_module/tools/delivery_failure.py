"""Whether a failed delivery is worth trying again, read from what Odoo keeps of it."""

import re
from datetime import timedelta

#: Odoo's failure types (mail.mail.failure_type) that no further try can mend.
PERMANENT_TYPES = {"mail_email_invalid", "mail_email_missing", "mail_from_invalid", "mail_bounce", "mail_spam"}
_REPLY_CODE = re.compile(r"\(\s*([45]\d\d)\s*,")
_FIRST_DELAY = timedelta(minutes=5)
_LONGEST_DELAY = timedelta(hours=6)


def is_permanent(failure_type, failure_reason):
    """Return True when the failure is final: an invalid address or a reply code of 5xx (RFC 5321, 4.2.1).

    A lost connection, a reply code of 4xx and whatever cannot be read count as temporary.

    >>> is_permanent("mail_email_invalid", "")
    True
    >>> is_permanent("unknown", "SMTPRecipientsRefused: {'a@b.example': (550, b'no such user')}")
    True
    >>> is_permanent("unknown", "SMTPDataError: (452, b'4.3.1 disk full')")
    False
    >>> is_permanent("mail_smtp", "[Errno 111] Connection refused")
    False
    """
    if failure_type in PERMANENT_TYPES:
        return True
    codes = _REPLY_CODE.findall(failure_reason or "")
    return bool(codes) and all(code.startswith("5") for code in codes)


def retry_delay(attempts):
    """Return how long to wait after the `attempts`-th failure: 5 minutes, doubled each time, 6 hours at most.

    >>> [str(retry_delay(n)) for n in (1, 2, 3, 12)]
    ['0:05:00', '0:10:00', '0:20:00', '6:00:00']
    """
    return min(_FIRST_DELAY * 2 ** min(attempts - 1, 16), _LONGEST_DELAY)
