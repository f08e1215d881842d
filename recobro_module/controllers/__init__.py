from . import portal_base
from . import collections_portal
