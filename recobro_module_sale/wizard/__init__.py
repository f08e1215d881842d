from . import recobro_sale_release
