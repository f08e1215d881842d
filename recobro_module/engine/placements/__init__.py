"""Cases in the hands of an agency or a lawyer, from what leads there to what is paid for it.

Proposed and decided (`formal_letter` and `rises` say what blocks, `joining` makes one proposal of all that comes,
`selection` says who is worth it, `decision` what a person sees; `letter_proofs` are asked for), handed over and taken
back (`placing`, `holds`; `handover` does what a level said), settled with the money that came (`placement_money` →
`placements`), paid for (`billing`), with the documents that go along (`documents`, `pack`) and, with a lawyer, the
`legal_file`. What the agency says meanwhile (`agency_log`): it asks (`instructions`), proposes (`proposals`), is
answered (`agency_mail`), is read (`tone_review`), and hears of disputes (`agency_disputes`).
"""

from . import (
    formal_letter,
    letter_proofs,
    rises,
    joining,
    selection,
    placement_alerts,
    holds,
    placing,
    legal_file,
    placement_money,
    placements,
    decision,
)
from . import billing, documents, pack
from . import agency_disputes, agency_log, agency_mail, instructions, proposals, tone_review
