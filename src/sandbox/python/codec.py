"""Values between two interpreters as tagged JSON: exact builtins by value, everything else as an opaque handle.

Plain JSON stands for None, bool, str, list, float and integers of no great length; every other kind is an object with one
key, its tag. What leaves Python has floats and integers from 2**53 tagged too, as not every reader of JSON keeps them apart.
"""

import array
import collections
import datetime
import decimal
import fractions
import json

MAX_NODES = 2_000_000
MAX_DEPTH = 150
MAX_BYTES = 48 * 1024 * 1024
SAFE_INTEGER = 2**53
_LEAST_SAFE = -SAFE_INTEGER
# Python refuses to write or read much longer decimals.
LONG_INTEGER = 10**3000
_LEAST_INTEGER = -LONG_INTEGER

# Modules whose names the tests may resolve when the candidate imported them; none has effects outside its process.
MODULES = frozenset(
    'array bisect calendar cmath collections collections.abc copy dataclasses datetime decimal enum fractions functools'
    ' hashlib heapq itertools json math numbers operator random re statistics string struct sys textwrap time types'
    ' typing unicodedata'.split()
)

# Type objects that cross by name.
TYPES = {
    kind.__name__: kind
    for kind in (
        bool, bytearray, bytes, complex, dict, float, frozenset, int, list, object, range, set, slice, str, tuple, type,
        type(None), collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque,
        datetime.date, datetime.datetime, datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction,
    )
}  # fmt: skip


class Refused(Exception):
    """A value that cannot cross: too large, too deep, malformed, or of no known kind."""


def _date(item):
    return [item.year, item.month, item.day]


def _time(item):
    if item.tzinfo is not None:
        raise Refused('a time with a time zone cannot cross')
    return [item.hour, item.minute, item.second, item.microsecond, item.fold]


# Tag of each container and the items it is made of; subclasses are flattened to the first base that fits.
_ITEMS = (
    (list, None, list),
    (tuple, 't', tuple),
    (set, 's', set),
    (frozenset, 'z', frozenset),
    (type({}.keys()), 'dk', list),
    (type({}.values()), 'dv', list),
)
_PAIRS = (
    (collections.Counter, 'C'),
    (collections.OrderedDict, 'O'),
    (dict, 'd'),
    (type({}.items()), 'di'),
)
_SCALARS = (
    (complex, 'c', lambda item: [repr(item.real), repr(item.imag)]),
    (bytes, 'b', lambda item: item.hex()),
    (bytearray, 'B', lambda item: item.hex()),
    (range, 'r', lambda item: [hex(item.start), hex(item.stop), hex(item.step)]),
    (decimal.Decimal, 'D', str),
    (fractions.Fraction, 'F', lambda item: [hex(item.numerator), hex(item.denominator)]),
    (datetime.datetime, 'dt', lambda item: _date(item) + _time(item)),
    (datetime.date, 'da', _date),
    (datetime.time, 'ti', _time),
    (datetime.timedelta, 'td', lambda item: [item.days, item.seconds, item.microseconds]),
    (memoryview, 'b', lambda item: item.tobytes().hex()),
)


_SIMPLE = frozenset((type(None), bool, str, float))
_PLAIN = frozenset((bool, str, float, int))
# Up to so many items are looked at one by one faster than through a set of their types.
_FEW = 12


def _is_plain(items):
    """Whether every item of a list stands for itself in JSON between two Pythons."""
    if len(items) <= _FEW:
        for item in items:
            kind = type(item)
            if kind is int:
                if not _LEAST_INTEGER < item < LONG_INTEGER:
                    return False
            elif kind not in _SIMPLE:
                return False
        return True
    kinds = set(map(type, items))
    if int in kinds:
        kinds.remove(int)
        integers = items if not kinds else [item for item in items if type(item) is int]
        if not (_LEAST_INTEGER < min(integers) and max(integers) < LONG_INTEGER):
            return False
    return kinds <= _SIMPLE


class _Encoder:
    """One encoding; `to_handle` gives the tagged form of what is no builtin, or raises Refused."""

    def __init__(self, to_handle, leaves_python):
        self._to_handle = to_handle
        self._leaves_python = leaves_python
        self._bound = SAFE_INTEGER if leaves_python else LONG_INTEGER
        self._left = MAX_NODES

    def _spend(self, count):
        self._left -= count
        if self._left < 0:
            raise Refused('value with more than %d parts' % MAX_NODES)

    def encode(self, item, depth=0):
        kind = type(item)
        if item is None or kind is str or kind is bool:
            return item
        if kind is int:
            return item if -self._bound < item < self._bound else {'i': hex(item)}
        if kind is float:
            return {'f': repr(item)} if self._leaves_python else item
        if depth > MAX_DEPTH:
            raise Refused('value nested deeper than %d' % MAX_DEPTH)
        if kind is list:
            self._spend(len(item))
            if not self._leaves_python and _is_plain(item):
                return item
            below = depth + 1
            return [self.encode(part, below) for part in item]
        return self._encode_other(item, depth + 1)

    def _encode_other(self, item, depth):
        for base, tag in _PAIRS:
            if isinstance(item, base):
                pairs = list(item.items()) if isinstance(item, dict) else list(item)
                self._spend(2 * len(pairs))
                return {tag: [[self.encode(key, depth), self.encode(value, depth)] for key, value in pairs]}
        for base, tag, parts in _ITEMS:
            if isinstance(item, base):
                members = parts(item)
                self._spend(len(members))
                encoded = [self.encode(part, depth) for part in members]
                return encoded if tag is None else {tag: encoded}
        if isinstance(item, collections.deque):
            self._spend(len(item))
            return {'q': [[self.encode(part, depth) for part in item], item.maxlen]}
        if isinstance(item, array.array):
            self._spend(len(item))
            return {'a': [item.typecode, [self.encode(part, depth) for part in item]]}
        return self._encode_scalar(item, depth)

    def _encode_scalar(self, item, depth):
        if isinstance(item, int):
            return self.encode(int.__int__(item), depth)
        if isinstance(item, float):
            return self.encode(float.__float__(item), depth)
        if isinstance(item, str):
            return str.__str__(item)
        for base, tag, form in _SCALARS:
            if isinstance(item, base):
                return {tag: form(item)}
        if isinstance(item, type) and TYPES.get(item.__name__) is item:
            return {'y': item.__name__}
        if item is Ellipsis or item is NotImplemented:
            return {'e': repr(item)}
        if isinstance(item, slice):
            return {'l': [self.encode(part, depth) for part in (item.start, item.stop, item.step)]}
        return self._to_handle(item)


def encode(item, to_handle, leaves_python=False):
    """The tagged form of a value; raises Refused where it cannot cross."""
    # Most arguments and results stand for themselves.
    kind = type(item)
    if item is None or kind is bool or kind is str or kind is int and _LEAST_SAFE < item < SAFE_INTEGER:
        return item
    if not leaves_python and (kind is float or kind is list and len(item) <= MAX_NODES and _is_plain(item)):
        return item
    return _Encoder(to_handle, leaves_python).encode(item)


def _integer(text):
    if type(text) is not str or not 2 < len(text) <= MAX_BYTES:
        raise Refused('malformed integer')
    return int(text, 16)


_DECODERS = {
    'i': _integer,
    'f': float,
    'b': bytes.fromhex,
    'B': bytearray.fromhex,
    'c': lambda data: complex(float(data[0]), float(data[1])),
    'r': lambda data: range(*map(_integer, data)),
    'D': decimal.Decimal,
    'F': lambda data: fractions.Fraction(_integer(data[0]), _integer(data[1])),
    'dt': lambda data: datetime.datetime(*data[:7], fold=data[7]),
    'da': lambda data: datetime.date(*data),
    'ti': lambda data: datetime.time(*data[:4], fold=data[4]),
    'td': lambda data: datetime.timedelta(*data),
    'y': lambda data: TYPES[data],
    'e': lambda data: {'Ellipsis': Ellipsis, 'NotImplemented': NotImplemented}[data],
}

_COLLECTIONS = {
    't': tuple,
    's': set,
    'z': frozenset,
    'dk': lambda parts: dict.fromkeys(parts).keys(),
    'dv': lambda parts: dict(enumerate(parts)).values(),
    'n': iter,
    'l': lambda parts: slice(*parts),
}


def _counter(pairs):
    counter = collections.Counter()
    for key, value in pairs:
        counter[key] = value
    return counter


_MAPPINGS = {
    'd': dict,
    'C': _counter,
    'O': collections.OrderedDict,
    'di': lambda pairs: dict(pairs).items(),
}


class _Decoder:
    def __init__(self, from_handle):
        self._from_handle = from_handle

    def decode(self, data):
        kind = type(data)
        if data is None or kind is str or kind is int or kind is bool or kind is float:
            return data
        if kind is list:
            return self._parts(data)
        if kind is not dict or len(data) != 1:
            raise Refused('malformed value')
        ((tag, body),) = data.items()
        if tag in _COLLECTIONS:
            return _COLLECTIONS[tag](self._parts(body))
        if tag in _MAPPINGS:
            return _MAPPINGS[tag]([(self.decode(key), self.decode(value)) for key, value in body])
        if tag in _DECODERS:
            return _DECODERS[tag](body)
        if tag == 'q':
            return collections.deque(self._parts(body[0]), body[1])
        if tag == 'a':
            return array.array(body[0], self._parts(body[1]))
        return self._from_handle(tag, body)

    def _parts(self, body):
        if type(body) is not list:
            raise Refused('malformed value')
        # A copy, as what was received is compared with what became of it.
        return body[:] if _is_plain(body) else [self.decode(part) for part in body]


def decode(data, from_handle):
    """The value of a tagged form; raises Refused on anything malformed. Only exact builtins and handles come out."""
    if data is None or type(data) in _PLAIN:
        return data
    try:
        return _Decoder(from_handle).decode(data)
    except Refused:
        raise
    except Exception as error:
        raise Refused('malformed value: %s' % type(error).__name__) from None


def _refuse(item):
    raise Refused('a %s cannot cross' % type(item).__name__)


# What json.dumps and json.loads use, made once and not for every message.
_write = json.encoder.c_make_encoder(
    None, _refuse, json.encoder.encode_basestring_ascii, None, ':', ',', False, False, True
)  # fmt: skip
_read = json.JSONDecoder().scan_once


def to_text(message):
    """One message as ASCII JSON; raises Refused when it is too large."""
    text = ''.join(_write(message, 0))
    if len(text) > MAX_BYTES:
        raise Refused('message larger than %d bytes' % MAX_BYTES)
    return text


def from_text(text):
    """The message of a JSON text; raises Refused on anything malformed."""
    try:
        message, end = _read(text, 0)
    except (ValueError, RecursionError, StopIteration):
        raise Refused('malformed message') from None
    if end != len(text):
        raise Refused('malformed message')
    return message
