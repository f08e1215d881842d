"""What is sent by mail to those who answer for the figures.

`monthly` and `team` read (what a month, or a week, was like), `monthly_words`, `monthly_charts` and `team_words` say it
in the language of who reads, and `mailing` knows when it goes out and to whom. They only read: what was sent is kept by
`recobro.figures.mail`.
"""

from . import monthly, monthly_words, monthly_charts
from . import team, team_words
from . import mailing, watch
