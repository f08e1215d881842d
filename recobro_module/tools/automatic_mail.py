"""Whether an incoming mail was written by a machine: out of office, received with thanks, a list."""

#: Values of the old header `Precedence` that people's mails do not carry.
_PRECEDENCE = {"auto_reply", "bulk", "junk", "list"}


def is_automatic(message):
    """Return True when the headers of `message` (email.message.Message) say so (RFC 3834, 5).

    >>> from email import message_from_string
    >>> is_automatic(message_from_string("Auto-Submitted: auto-replied\\n\\nI am away"))
    True
    >>> is_automatic(message_from_string("Precedence: bulk\\n\\nNews"))
    True
    >>> is_automatic(message_from_string("X-Autoreply: yes\\n\\nI am away"))
    True
    >>> is_automatic(message_from_string("Auto-Submitted: no\\n\\nWe pay on Friday"))
    False
    >>> is_automatic(message_from_string("Subject: Invoice\\n\\nWe pay on Friday"))
    False
    """
    submitted = str(message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    return submitted != "no" or precedence in _PRECEDENCE or "X-Autoreply" in message or "X-Autorespond" in message
