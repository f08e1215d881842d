from . import portal_base
from . import collections_portal
from . import portal_plan
