"""What a file that comes from outside is, told by its content: what it is called, or said to be, proves nothing."""

import re

#: (content type, ending, how the content begins, what comes further on: (from, bytes))
_KINDS = (
    ("application/pdf", "pdf", b"%PDF-", None),
    ("image/jpeg", "jpg", b"\xff\xd8\xff", None),
    ("image/png", "png", b"\x89PNG\r\n\x1a\n", None),
    ("image/webp", "webp", b"RIFF", (8, b"WEBP")),
)
#: What may not be in a file name anywhere.
_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 80


def kind_of(content):
    """Return (content type, ending) of a PDF or a picture, None of anything else.

    >>> kind_of(b"%PDF-1.7 ...")
    ('application/pdf', 'pdf')
    >>> kind_of(b"RIFF....WEBPVP8 ")
    ('image/webp', 'webp')
    >>> kind_of(b"MZ this program"), kind_of(b"<svg onload='x'>"), kind_of(b"RIFF....WAVE"), kind_of(b"")
    (None, None, None, None)
    """
    for content_type, ending, begins, further in _KINDS:
        if content.startswith(begins) and (not further or content[further[0] :].startswith(further[1])):
            return content_type, ending
    return None


def safe_name(name, ending):
    """Return a file name that is nothing but a name, with the ending of what it is.

    >>> safe_name("delivery note.PDF", "pdf"), safe_name("photo.jpeg", "jpg"), safe_name("invoice.exe", "pdf")
    ('delivery note.pdf', 'photo.jpg', 'invoice.pdf')
    >>> safe_name("../../etc/passwd", "pdf"), safe_name("C:\\\\x\\\\note.pdf", "pdf"), safe_name("", "png")
    ('passwd.pdf', 'note.pdf', 'file.png')
    >>> safe_name("a" * 300, "pdf") == "a" * 80 + ".pdf"
    True
    """
    name = re.split(r"[/\\]", name or "")[-1]
    stem = _BAD_IN_NAMES.sub("", name).rpartition(".")[0] or _BAD_IN_NAMES.sub("", name)
    return f"{stem.strip(' .')[:_LONGEST_NAME] or 'file'}.{ending}"


def single_names(names):
    """Return file names of which no two are alike, whatever the case of their letters.

    >>> single_names(["INV-1.pdf", "inv-1.pdf", "INV-1.pdf", "log.xlsx"])
    ['INV-1.pdf', 'inv-1 (2).pdf', 'INV-1 (3).pdf', 'log.xlsx']
    """
    seen, single = {}, []
    for name in names:
        number = seen[name.lower()] = seen.get(name.lower(), 0) + 1
        stem, dot, ending = name.rpartition(".")
        single.append(f"{stem} ({number}){dot}{ending}" if number > 1 else name)
    return single
