from . import controllers, demo, engine, models, tools, wizard
from .hooks import uninstall_hook
