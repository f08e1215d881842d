"""Pages of printed letters: many letters as one file, and a number at the foot of the pages of a long one.

Odoo runs with four libraries for PDF, whose names of the same things differ: asked for is what all of them have.
"""

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

#: From the right and the lower edge of the page to its number.
_RIGHT, _BELOW = 20 * mm, 9 * mm


def join(contents):
    """Return some PDFs as one, in their order."""
    return _written([page for content in contents for page in _pages(content)])


def number_pages(content):
    """Return a PDF with "2 / 3" at the foot of its pages; as it is when it has only one.

    The printing program itself numbers pages only in a build that not every system has.
    """
    pages = _pages(content)
    if len(pages) < 2:
        return content
    for number, page in enumerate(pages, start=1):
        merge = getattr(page, "merge_page", None) or page.mergePage
        merge(_stamp(f"{number} / {len(pages)}", page["/MediaBox"]))
    return _written(pages)


def is_readable(content):
    """Return whether something is a PDF whose pages can be taken: neither broken nor locked."""
    try:
        return bool(_pages(content))
    except Exception:  # each of the libraries has errors of its own, and what is broken may raise any other
        return False


def _pages(content):
    return list(PdfFileReader(BytesIO(content), strict=False).pages)


def _written(pages):
    writer = PdfFileWriter()
    add = getattr(writer, "add_page", None) or writer.addPage
    for page in pages:
        add(page)
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


def _stamp(text, box):
    """Return a page as large as `box` with nothing on it but `text` at its foot."""
    left, bottom, right, top = (float(edge) for edge in box)
    content = BytesIO()
    canvas = Canvas(content, pagesize=(right - left, top - bottom))
    canvas.setFont("Helvetica", 8.5)
    canvas.setFillGray(0.35)
    canvas.drawRightString(right - left - _RIGHT, _BELOW, text)
    canvas.save()
    return _pages(content.getvalue())[0]
