"""Hold the terms that Odoo exports for an addon against the catalogues in its folder; with --write, renew these.

Each exported term must be in the addon's template and must have its Spanish. Renewing keeps the translations that are
there. New terms take Odoo's own translation where Odoo has the very same term; others come in empty, and the check
names them.
"""

import argparse
import sys
from pathlib import Path

import polib

LANGUAGES = ["es"]
COMPLAINTS_SHOWN = 40


def read_catalogue(path):
    """A catalogue, empty when there is no file."""
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def key(entry):
    """What identifies a term."""
    return entry.msgid, entry.msgctxt or ""


def living(catalogue):
    """The terms in use."""
    return {key(entry): entry for entry in catalogue if not entry.obsolete}


def complaints(exported, template, translations):
    """One sentence for each thing that is wrong."""
    wanted, listed = living(exported), living(template)
    found = [f"the template lacks {term[0]!r}" for term in wanted if term not in listed]
    found += [f"the template has {term[0]!r}, which the addon no longer has" for term in listed if term not in wanted]
    for language, catalogue in translations.items():
        translated = {term for term, entry in living(catalogue).items() if entry.msgstr and not entry.fuzzy}
        found += [f"{language}: no translation of {term[0]!r}" for term in wanted if term not in translated]
    return found


def content(catalogue):
    """All of a catalogue but its header, which carries the day of the export."""
    return [(key(entry), entry.msgstr, entry.comment, sorted(entry.occurrences)) for entry in catalogue]


def read_memory(folders, language):
    """What Odoo's own addons make of a term, the first folder's word first."""
    memory = {}
    for folder in reversed(folders):
        known = read_catalogue(folder / f"{language}.po").translated_entries()
        memory |= {entry.msgid: entry.msgstr for entry in known}
    return memory


def renew(exported, template_path, translations, folders):
    """Write the template and merge it into the translations; files whose terms stay are left as they are."""
    template_path.parent.mkdir(exist_ok=True)
    if content(read_catalogue(template_path)) != content(exported):
        exported.save(str(template_path))
    for language, catalogue in translations.items():
        before = content(catalogue)
        if not catalogue.metadata:
            catalogue.metadata = exported.metadata | {"Language": language}
        catalogue.merge(exported)
        for entry in [entry for entry in catalogue if entry.obsolete]:
            catalogue.remove(entry)
        memory = read_memory(folders, language)
        for entry in catalogue.untranslated_entries():
            entry.msgstr = memory.get(entry.msgid, "")
        if content(catalogue) != before:
            catalogue.save(str(template_path.with_name(f"{language}.po")))


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exported", type=Path, help="the template that Odoo exported, named after the addon")
    parser.add_argument("folder", type=Path, help="the addon's folder i18n")
    parser.add_argument("--memory", type=Path, nargs="*", default=[], help="folders i18n of Odoo's own addons")
    parser.add_argument("--write", action="store_true", help="renew the catalogues instead of only checking them")
    return parser.parse_args()


def main():
    """Check or renew the catalogues of one addon."""
    arguments = parse_arguments()
    exported = polib.pofile(str(arguments.exported))
    template_path = arguments.folder / arguments.exported.name
    translations = {language: read_catalogue(arguments.folder / f"{language}.po") for language in LANGUAGES}
    if arguments.write:
        renew(exported, template_path, translations, arguments.memory)
    found = complaints(exported, read_catalogue(template_path), translations)
    for complaint in found[:COMPLAINTS_SHOWN]:
        print(f"  {arguments.folder}: {complaint}")
    if len(found) > COMPLAINTS_SHOWN:
        print(f"  … and {len(found) - COMPLAINTS_SHOWN} more")
    return 1 if found and not arguments.write else 0


if __name__ == "__main__":
    sys.exit(main())
