"""Which invoice numbers stand in what a customer wrote."""

import re

#: How much of a text is read: an invoice that is complained about is named early, and a mail may be endless.
_MOST_CHARACTERS = 20_000
#: A run of letters or a run of digits; whatever is between two of them only separates.
_PART = re.compile(r"[^\W\d_]+|\d+")
#: Words after which a bare number is the number of an invoice and not a postcode.
_INVOICE_WORDS = {
    *("invoice", "invoices", "inv", "bill", "number", "no", "nr", "num", "order", "po"),
    *("factura", "facturas", "fra", "fras", "fact", "numero", "número", "n", "nº", "pedido"),
    *("facture", "rechnung", "fattura", "fatura"),
}
#: Digits of a bare number that stands after such a word, and of one that stands anywhere.
_DIGITS_AFTER_WORD, _DIGITS_ALONE = 5, 7
#: Letters and digits of a number that has both; what is shorter may stand in any text by chance.
_MIXED = 4


def mentioned(text, numbers):
    """Return those of `numbers` (invoice numbers, customers' references) that stand in `text`, in their order.

    Whole words only, whatever case, spaces, dashes and slashes people put in. A number without letters, and the last
    part of one, count after a word such as “invoice” when they are long enough and no other number ends alike.
    One pass over the text, however many numbers there are.

    >>> numbers = ["INV/2026/00012", "INV/2026/00013", "PO-4711"]
    >>> mentioned("About INV/2026/00012: it is wrong", numbers)
    ['INV/2026/00012']
    >>> mentioned("inv 2026 00012 and Inv-2026-00013, INV202600099", numbers)
    ['INV/2026/00012', 'INV/2026/00013']
    >>> mentioned("inv202600013, our po 4711.", numbers)
    ['INV/2026/00013', 'PO-4711']
    >>> mentioned("La factura nº 00012 no es correcta", numbers)
    ['INV/2026/00012']
    >>> mentioned("We are at 00012 Old Town, floor 13", numbers)
    []
    >>> mentioned("INV/2026/000121, XINV/2026/00012, INV/2026/00012A", numbers)
    []
    >>> mentioned("Factura 00012", ["A/2025/00012", "A/2026/00012"])
    []
    >>> mentioned("Invoice 12 of May", ["12", "May", False, ""])
    []
    >>> mentioned("Pedido 4500012345", ["4500012345"]), mentioned("28013 Madrid", ["28013"])
    (['4500012345'], [])
    >>> mentioned(None, numbers)
    []
    """
    anywhere, after_word = _keys(numbers)
    parts = _parts(text)
    longest = {len(key) for key in (*anywhere, *after_word)}
    found = set()
    for start, (_word, is_glued, _end) in enumerate(parts):
        if is_glued:
            continue
        follows_word = any(word in _INVOICE_WORDS for word, _glued, _end in parts[max(0, start - 2) : start])
        for length in longest:
            stop = start + length
            if stop > len(parts) or (stop < len(parts) and parts[stop][1]):
                continue
            key = tuple(word for word, _glued, _end in parts[start:stop])
            found |= anywhere.get(key, set())
            if follows_word:
                found |= after_word.get(key, set())
    return [number for number in dict.fromkeys(numbers) if number in found]


def _parts(text):
    """Return [(word, whether nothing separates it from the one before, end)] of a text.

    >>> _parts("F12 / a")
    [('f', False, 1), ('12', True, 3), ('a', False, 7)]
    """
    parts, end = [], None
    for match in _PART.finditer((text or "")[:_MOST_CHARACTERS].casefold()):
        parts.append((match.group(), match.start() == end, match.end()))
        end = match.end()
    return parts


def _keys(numbers):
    """Return ({key: numbers} that count anywhere, {key: numbers} after a word); a key is a tuple of parts."""
    anywhere, after_word, endings = {}, {}, {}
    for number in numbers:
        key = tuple(word for word, _glued, _end in _parts(number))
        length = len("".join(key))
        if any(part.isdigit() for part in key):
            is_mixed = not all(part.isdigit() for part in key)
            for form in (key, _joined(key)):
                if length >= (_MIXED if is_mixed else _DIGITS_ALONE):
                    anywhere.setdefault(form, set()).add(number)
                elif not is_mixed and length >= _DIGITS_AFTER_WORD:
                    after_word.setdefault(form, set()).add(number)
        if key and key[-1].isdigit() and len(key[-1]) >= _DIGITS_AFTER_WORD:
            endings.setdefault(key[-1:], set()).add(number)
    for key, owners in endings.items():
        if len(owners) == 1:
            after_word.setdefault(key, set()).update(owners)
    return anywhere, after_word


def _joined(key):
    """Return the parts with neighbouring runs of digits as one: how a number looks without its slashes.

    >>> _joined(("inv", "2026", "00012"))
    ('inv', '202600012')
    """
    joined = []
    for part in key:
        if joined and joined[-1].isdigit() and part.isdigit():
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
