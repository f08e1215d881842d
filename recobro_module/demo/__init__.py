"""The demo ledger: a Spanish distributor whose collections have been running for some weeks (`--with-demo`).

Nothing of this runs in a database without demo data. Read in this order: who the customers are, what happened
(a plan without Odoo), the office, the books, the days that were lived, what customers answered on them, and the door by
which the data file comes in.
"""

from . import customers
from . import story
from . import office
from . import people
from . import ledger
from . import dispute_story
from . import disputes
from . import payments_in_hand
from . import plans
from . import promises
from . import answers
from . import agency_words
from . import agencies
from . import letters
from . import escalation
from . import desk
from . import recobro_demo
