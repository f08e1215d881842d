from . import controllers, engine, models, tools, wizard
from .hooks import uninstall_hook
