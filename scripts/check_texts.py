"""Find texts that no translation can reach: those said within f-strings, or glued by them.

Babel, by which Odoo exports what is to be translated, does not look into f-strings: a text within one stays English. A
text that is an f-string itself changes with each value, so no catalogue can hold it.
"""

import argparse
import ast
import sys
from pathlib import Path

#: Names of functions that translate: `_`, `self.env._`, `_lt`.
TRANSLATORS = {"_", "_lt"}
WITHIN = "a text within an f-string is not translated: give it a name before, or a placeholder to a whole sentence"
FILLED = "a text that is an f-string is not translated: use named placeholders, such as _('… %(name)s', name=name)"


def is_translated(node):
    """Return whether a node of a program's tree is a call that translates a text.

    >>> [is_translated(ast.parse(text).body[0].value) for text in ("_('a')", "env._('a')", "record._get('a')", "a")]
    [True, True, False, False]
    """
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) in TRANSLATORS


def faults(source):
    """Return [(line, what is wrong)] of the text of a program.

    >>> faults('words = f"{self.env._(\\'Paid\\')}: {amount}"')[0][0], len(faults('_(f"Paid {amount}")'))
    (1, 1)
    >>> faults('paid = _("Paid %(amount)s", amount=f"{amount:.2f}")'), faults('f"{amount} {_ or a}"')
    ([], [])
    >>> [line for line, _words in faults('a = (\\n  f"{a}"\\n  f"{_(\\'b\\')}"\\n)')]
    [3]
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            found |= {(call.lineno, WITHIN) for call in ast.walk(node) if is_translated(call)}
        elif is_translated(node) and node.args and isinstance(node.args[0], ast.JoinedStr):
            found.add((node.lineno, FILLED))
    return sorted(found)


def complaints(folders):
    """Return one sentence for each fault in the Python files of some folders, with its file and line."""
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [f"{path}:{line}: {words}" for path in files for line, words in faults(path.read_text(encoding="utf-8"))]


def main():
    """Check the folders of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", help="folders of addons")
    found = complaints(parser.parse_args().folders)
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
