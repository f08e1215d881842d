"""Cases in the hands of an agency or a lawyer, from what leads there to what is paid for it.

Proposed and decided (`rises` says what blocks, `decision` what a person sees), handed over and taken back (`placing`,
`holds`; `handover` does what a level said), settled with the money that came (`placement_money` → `placements`), paid
for (`billing`), with the documents that go along (`documents`, `pack`).
"""

from . import rises, placement_alerts, holds, placing, placement_money, placements, decision, billing, documents, pack
