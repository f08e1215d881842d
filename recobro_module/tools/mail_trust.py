"""Whether the sender of an incoming mail may be somebody else than it says: reasons to let a person look first.

No proof either way. A mail that passes may still be forged, which is why what comes of it holds for some days only; a
mail that does not pass may be honest (a mailing service, a forwarder), which is why it is kept and a person decides.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

#: How much of a header is read.
_MOST_CHARACTERS = 4_000
_MOST_COMMENTS = 20
_METHOD = re.compile(r"\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_SIGNED_BY = re.compile(r"\bheader\.[di]\s*=\s*(?:[^\s;@]{0,64}@)?([\w.-]{1,255})", re.IGNORECASE)
#: Comments, and quoted strings: the sender chooses what stands in some of them.
_QUOTED = re.compile(r'"[^"]*"|\([^()]*\)')
_ADDRESS = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w.@-])((?:[\w-]{1,63}\.){1,8}(?:com|net|org|info|biz|eu|es|fr|de|it|pt|uk|io))(?![\w.@-])", re.I
)
#: Second levels under which organisations register a third one, as in example.co.uk.
_SHARED_LEVELS = {"co", "com", "org", "net", "gob", "gov", "ac", "edu", "nom"}
_FREE_MAIL = {
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.es", "live.com", "msn.com", "yahoo.com"),
    *("yahoo.es", "icloud.com", "me.com", "aol.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "proton.me"),
    *("protonmail.com", "mail.com", "mail.ru", "yandex.com", "yandex.ru", "zoho.com", "telefonica.net"),
}


def looks_spoofed(message):
    """Return why the sender of `message` (email.message.Message) may not be who it says, or "" when nothing tells so.

    - "no_sender": there is no address in From;
    - "two_senders": From names several addresses;
    - "authentication": SPF, DKIM or DMARC failed (RFC 8601), as the topmost Authentication-Results says: our own
      server writes above all others, and those below may be forged;
    - "name": the name of the sender holds an address or a domain of somebody else;
    - "reply_to": answers would go to another organisation, or to another mailbox of a free mail service;
    - "envelope": it was handed in by another domain (Return-Path), and nothing vouches for the sender.

    >>> from email import message_from_string
    >>> def judge(*headers):
    ...     return looks_spoofed(message_from_string("\\n".join(headers) + "\\n\\nHello"))
    >>> judge("From: Anna <anna@acme.example>", "Return-Path: <bounce@mail.acme.example>")
    ''
    >>> judge("Subject: Hello"), judge("From: nobody")
    ('no_sender', 'no_sender')
    >>> judge("From: Anna <anna@acme.example>, Eve <eve@evil.example>")
    'two_senders'
    >>> judge("From: anna@acme.example", "From: eve@evil.example")
    'two_senders'
    >>> judge("Authentication-Results: mx.us.example; spf=fail smtp.mailfrom=acme.example", "From: anna@acme.example")
    'authentication'
    >>> judge("Authentication-Results: mx.us.example; dkim=pass header.d=acme.example; dmarc=pass; spf=fail",
    ...       "Authentication-Results: mx.us.example; dmarc=fail", "From: anna@acme.example")
    ''
    >>> judge('Authentication-Results: mx.us.example; spf=softfail smtp.mailfrom="x; dmarc=pass"@a.example; dmarc=fail',
    ...       "From: anna@acme.example")
    'authentication'
    >>> judge('From: "anna@acme.example" <eve@evil.example>'), judge('From: "Acme.com" <eve@evil.example>')
    ('name', 'name')
    >>> judge('From: "anna@acme.example" <anna@acme.example>'), judge('From: "Amazon.es" <info@amazon.com>')
    ('', '')
    >>> judge("From: =?utf-8?b?YW5uYUBhY21lLmV4YW1wbGU=?= <eve@evil.example>")
    'name'
    >>> judge("From: anna@acme.co.uk", "Reply-To: eve@evil.co.uk")
    'reply_to'
    >>> judge("From: anna@acme.example", "Reply-To: billing@mail.acme.example")
    ''
    >>> judge("From: anna@gmail.com", "Reply-To: anna2@gmail.com")
    'reply_to'
    >>> judge("From: anna@gmail.com", "Reply-To: Anna <Anna@gmail.com>")
    ''
    >>> judge("Return-Path: <eve@evil.example>", "From: anna@acme.example")
    'envelope'
    >>> judge("Return-Path: <b@mailer.example>", "Authentication-Results: mx; dkim=pass header.d=acme.example",
    ...       "From: anna@acme.example")
    ''
    >>> judge("Return-Path: <b@mailer.example>", "From: anna@acme.example",
    ...       "Authentication-Results: mx; dkim=pass header.d=mailer.example; spf=pass")
    'envelope'
    >>> judge("From: anna@acme.example", "Reply-To: " + "(" * 3000)
    ''
    """
    senders = _addresses(message, "from")
    addresses = {address for _name, address in senders}
    if not addresses:
        return "no_sender"
    if len(addresses) > 1:
        return "two_senders"
    [(name, address), *_same] = senders
    authentication = _authentication(message)
    return (
        (_has_failed(authentication, address) and "authentication")
        or (_names_another(name, address) and "name")
        or (any(_differs(address, other) for _name, other in _addresses(message, "reply-to")) and "reply_to")
        or (_is_handed_in_by_another(message, address, authentication) and "envelope")
        or ""
    )


def _headers(message, name):
    """Return the values of a header as they came, topmost first: parsing a malformed one may raise, this does not."""
    return [
        re.sub(r"\s+", " ", str(value)[:_MOST_CHARACTERS])
        for header, value in message.raw_items()
        if header.lower() == name
    ]


def _addresses(message, header):
    """Return [(name, address in lower case)] of a header; what is no address is left out."""
    values = [
        # Python reads a comment in a comment in a comment by recursion, which has an end
        value if value.count("(") < _MOST_COMMENTS else value.replace("(", " ")
        for value in _headers(message, header)
    ]
    return [(_decoded(name), address.strip().lower()) for name, address in getaddresses(values) if "@" in address]


def _decoded(name):
    """Return a name in plain text; one that can't be decoded is returned as it is.

    >>> _decoded("=?utf-8?q?Jos=C3=A9?="), _decoded("=?no-such-charset?q?x?=")
    ('José', '=?no-such-charset?q?x?=')
    """
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, ValueError):
        return name


def _authentication(message):
    """Return {(method, result): the text after it} of the topmost Authentication-Results; empty when there is none."""
    header = next(iter(_headers(message, "authentication-results")), "")
    for _depth in range(3):
        header = _QUOTED.sub(" ", header)
    found = {}
    for part in header.split(";"):
        if match := _METHOD.match(part):
            found.setdefault((match[1].lower(), match[2].lower()), "")
            found[match[1].lower(), match[2].lower()] += part
    return found


def _has_failed(authentication, address):
    """Return whether a check says that the sender is somebody else. DMARC, which weighs the two others, decides."""
    if ("dmarc", "fail") in authentication:
        return True
    failed = ("spf", "fail") in authentication or ("dkim", "fail") in authentication
    return failed and not _is_vouched_for(authentication, address)


def _is_vouched_for(authentication, address):
    """Return whether DMARC has passed, or the organisation of `address` has signed the mail."""
    if ("dmarc", "pass") in authentication:
        return True
    signers = _SIGNED_BY.findall(authentication.get(("dkim", "pass"), ""))
    return any(_organisation(signer) == _organisation(address) for signer in signers)


def _is_handed_in_by_another(message, address, authentication):
    """Return whether the envelope's sender is of another organisation, and nothing vouches for who From names."""
    envelope = _addresses(message, "return-path")
    is_other = any(_organisation(sender) != _organisation(address) for _name, sender in envelope)
    return is_other and not _is_vouched_for(authentication, address)


def _names_another(name, address):
    """Return whether the name of the sender holds an address or a domain that is not the address's own."""
    if any(_differs(address, match.group().lower()) for match in _ADDRESS.finditer(name)):
        return True
    return any(
        _organisation(domain.lower()).split(".")[0] != _organisation(address).split(".")[0]
        for domain in _DOMAIN.findall(name)
    )


def _differs(address, other):
    """Return whether two addresses belong to different organisations, or to different people of a free mail service."""
    if _organisation(address) != _organisation(other):
        return True
    return _organisation(address) in _FREE_MAIL and address != other


def _organisation(address):
    """Return the part of a domain that somebody registers, nearly enough: its last two labels, three under co.uk.

    >>> [_organisation(text) for text in ("anna@mail.acme.com", "acme.co.uk", "a@b.gob.es", "localhost")]
    ['acme.com', 'acme.co.uk', 'b.gob.es', 'localhost']
    """
    labels = address.rpartition("@")[2].strip(".> ").lower().split(".")
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_LEVELS
    return ".".join(labels[-3:] if is_shared else labels[-2:])
