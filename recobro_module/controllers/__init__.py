from . import portal_base
from . import collections_portal
from . import portal_answers
from . import portal_disputes
from . import portal_downloads
from . import portal_home
from . import portal_plan
from . import portal_payment
