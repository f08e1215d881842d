from . import collections_portal
