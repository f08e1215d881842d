"""One module a channel: what `_deliver_<channel>` of `recobro.action.delivery` does."""
