from . import recobro_interaction_log
from . import recobro_hold_pause
from . import recobro_case_reassign
from . import recobro_policy_simulate
from . import recobro_action_send
from . import recobro_dispute_open
from . import recobro_dispute_open_line
from . import base_partner_merge
