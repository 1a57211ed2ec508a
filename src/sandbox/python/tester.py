"""The trusted side: runs the tests against proxies of what the candidate defines. The verdict is made here and nowhere else."""

import builtins
import importlib
import types

from codec import MODULES, Refused, decode, encode, from_text, to_text

DETAIL_LIMIT = 2000
_LINK, _NUMBER = '_qe_link', '_qe_number'


def kind_of(ancestry):
    """The verdict kind of an exception that the candidate raised, by the names of its builtin bases."""
    if 'MemoryError' in ancestry:
        return 'memory'
    return 'denied' if 'PermissionError' in ancestry else 'runtime'


class Ended(BaseException):
    """The candidate's side is over; carries the verdict, which no test code can undo."""


class Link:
    """Questions to the candidate. `exchange` sends one JSON text and gives the answer, or raises EOFError when there is none."""

    def __init__(self, exchange):
        self._exchange = exchange
        self.verdict = None
        self.last_call = None
        self.raised = None

    def end(self, kind, error, detail=None):
        """Fixes the verdict; what the tests do afterwards does not matter."""
        if self.verdict is None:
            self.verdict = {'kind': kind, 'error': error, 'detail': detail}
        raise Ended()

    def request(self, message):
        if self.verdict is not None:
            raise Ended()
        try:
            text = to_text(message)
        except Refused as error:
            self.end('fault', 'Refused', str(error))
        try:
            reply = from_text(self._exchange(text))
        except EOFError:
            self.end('gone', None)
        except Refused as error:
            self.end('runtime', 'MalformedAnswer', str(error))
        if type(reply) is not dict:
            self.end('runtime', 'MalformedAnswer')
        return reply

    def ask(self, message):
        """A request whose answer is a value; raises what the candidate raised."""
        reply = self.request(message)
        if 'error' in reply:
            raise self.exception(reply['error'])
        return self.value(reply.get('value'))

    def value(self, data):
        try:
            return decode(data, self._from_handle)
        except (Refused, RecursionError) as error:
            self.end('runtime', 'MalformedAnswer', str(error)[:DETAIL_LIMIT])

    def data(self, item):
        """The tagged form of a test's own value or of a proxy."""
        try:
            return encode(item, self._to_handle)
        except (Refused, RecursionError) as error:
            self.end('fault', 'Refused', str(error)[:DETAIL_LIMIT])

    def exception(self, described):
        """The builtin exception that stands for what the candidate raised; SystemExit and its like end the task."""
        name, ancestry, message = _described(described)
        for ancestor in ancestry:
            kind = getattr(builtins, ancestor, None)
            if not isinstance(kind, type) or not issubclass(kind, Exception):
                continue
            try:
                error = kind(message)
            except TypeError:
                continue
            self.raised = (error, name, ancestry)
            return error
        self.end(kind_of(ancestry), name, message)

    def _from_handle(self, tag, body):
        if tag == 'm' and type(body) is str and body in MODULES:
            return importlib.import_module(body)
        if tag != 'h' or type(body) is not int:
            raise Refused('malformed value')
        return Proxy(self, body)

    def _to_handle(self, item):
        if type(item) is Proxy:
            return {'h': number_of(item)}
        if isinstance(item, types.ModuleType) and item.__name__ in MODULES:
            raise Refused('a module cannot be an argument')
        if hasattr(type(item), '__next__'):
            return {'n': [self.data(part) for part in item]}
        raise Refused('an argument of type %s cannot cross' % type(item).__name__)


def _described(described):
    """The parts of a described exception, whatever was sent."""
    if type(described) is not dict:
        return 'MalformedAnswer', [], ''
    name, message, ancestry = described.get('name'), described.get('message'), described.get('ancestry')
    return (
        name[:200] if type(name) is str else 'MalformedAnswer',
        [item for item in ancestry if type(item) is str][:50] if type(ancestry) is list else [],
        message[:DETAIL_LIMIT] if type(message) is str else '',
    )


class Proxy:
    """An object that lives with the candidate. No test value is ever handed to its operators: comparing with one is plain identity."""

    __slots__ = (_LINK, _NUMBER)

    def __init__(self, link, number):
        _set_link(self, link)
        _set_number(self, number)

    def __getattr__(self, name):
        return link_of(self).ask({'op': 'get', 'target': number_of(self), 'name': name})

    def __setattr__(self, name, value):
        link = link_of(self)
        link.ask({'op': 'set', 'target': number_of(self), 'name': name, 'value': link.data(value)})

    def __call__(self, *arguments, **keywords):
        link = link_of(self)
        data = link.data
        request = {
            'op': 'call',
            'target': number_of(self),
            'arguments': [data(item) for item in arguments],
            'keywords': {key: data(item) for key, item in keywords.items()} if keywords else keywords,
        }
        link.last_call = (arguments, keywords, None)
        reply = link.request(request)
        if 'error' in reply:
            raise link.exception(reply['error'])
        changed = reply.get('changed')
        if type(changed) is dict:
            for index, argument in enumerate(arguments):
                if str(index) in changed:
                    _update(argument, link.value(changed[str(index)]))
        result = link.value(reply.get('value'))
        link.last_call = (arguments, keywords, (result,))
        return result

    def __getitem__(self, key):
        link = link_of(self)
        return link.ask({'op': 'item', 'target': number_of(self), 'key': link.data(key)})

    def __setitem__(self, key, value):
        link = link_of(self)
        link.ask({'op': 'put', 'target': number_of(self), 'key': link.data(key), 'value': link.data(value)})

    def __iter__(self):
        iterator = _apply(self, 'iter', Proxy)
        link, ended = link_of(self), False
        while not ended:
            reply = link.request({'op': 'next', 'target': number_of(iterator)})
            if 'error' in reply:
                raise link.exception(reply['error'])
            items, ended = reply.get('items'), reply.get('ended') is not False
            for item in items if type(items) is list else ():
                yield link.value(item)
            if 'raised' in reply:
                raise link.exception(reply['raised'])

    def __next__(self):
        return link_of(self).ask({'op': 'apply', 'target': number_of(self), 'function': 'next'})

    def __bool__(self):
        return _apply(self, 'bool', bool)

    def __len__(self):
        return _apply(self, 'len', int)

    def __int__(self):
        return _apply(self, 'int', int)

    def __float__(self):
        return _apply(self, 'float', float)

    def __str__(self):
        return _apply(self, 'str', str)

    def __repr__(self):
        return _apply(self, 'repr', str)

    def __hash__(self):
        return hash((Proxy, number_of(self)))

    def __eq__(self, other):
        return _compare(self, other, '__eq__') if type(other) is Proxy else False

    def __ne__(self, other):
        return not self == other

    def __lt__(self, other):
        return _compare(self, other, '__lt__') if type(other) is Proxy else NotImplemented

    def __gt__(self, other):
        return _compare(self, other, '__gt__') if type(other) is Proxy else NotImplemented

    def __instancecheck__(self, instance):
        if type(instance) is not Proxy:
            return False
        return link_of(self).ask({'op': 'isinstance', 'target': number_of(self), 'other': number_of(instance)}) is True


# Past the attributes that a proxy takes from the candidate.
link_of, _set_link = getattr(Proxy, _LINK).__get__, getattr(Proxy, _LINK).__set__
number_of, _set_number = getattr(Proxy, _NUMBER).__get__, getattr(Proxy, _NUMBER).__set__


def _apply(proxy, function, kind):
    link = link_of(proxy)
    result = link.ask({'op': 'apply', 'target': number_of(proxy), 'function': function})
    if type(result) is not kind:
        link.end('runtime', 'MalformedAnswer', '%s() gave %s' % (function, type(result).__name__))
    return result


def _compare(left, right, name):
    if number_of(left) == number_of(right) and name == '__eq__':
        return True
    request = {'op': 'compare', 'target': number_of(left), 'other': number_of(right), 'name': name}
    return link_of(left).ask(request) is True


def _update(argument, value):
    """Makes an argument what the candidate made of its copy, in place."""
    if type(argument) is not type(value):
        return
    if isinstance(argument, (list, bytearray)):
        argument[:] = value
    elif isinstance(argument, (dict, set)):
        argument.clear()
        argument.update(value)
    elif hasattr(argument, 'clear') and hasattr(argument, 'extend'):
        argument.clear()
        argument.extend(value)
