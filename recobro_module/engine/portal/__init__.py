"""The customer's pages behind the signed link: who is at the door, what they see, what they answer."""

from . import portal_refusal, portal_limits, portal_access, portal_account, portal_own
from . import portal_files, portal_conversation, portal_disputing, portal_promising, portal_history
from . import portal_log, portal_export
