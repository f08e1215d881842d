"""Counting who asks how often: by whom, in which stretch of time, and when to come back."""

from ipaddress import IPv6Address, ip_address


def counted_as(address):
    """Return what an address is counted as: itself, or the network of an IPv6 one, which one visitor has all of.

    >>> counted_as("192.0.2.7"), counted_as("::ffff:192.0.2.7")
    ('192.0.2.7', '192.0.2.7')
    >>> counted_as("2001:db8:1:2:aaaa::1") == counted_as("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::"
    True
    >>> counted_as("nonsense"), counted_as(None)
    ('unknown', 'unknown')
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def window(moment, seconds):
    """Return (number of the stretch of `seconds` that a moment lies in, whole seconds until the next one).

    >>> window(125.5, 60)
    (2, 55)
    >>> window(120, 60)
    (2, 60)
    """
    number = int(moment // seconds)
    return number, max(int((number + 1) * seconds - moment + 0.999), 1)
