"""The untrusted side: holds the candidate's module and answers requests about it, one message at a time."""

import builtins
import sys
import types

from codec import MODULES, Refused, decode, encode, from_text, to_text

FILE = '<candidate>'
CHUNK = 256
MESSAGE_LIMIT = 1000


def describe_error(error):
    """Name, builtin ancestry and message of an exception, as data."""
    ancestry = [
        kind.__name__ for kind in type(error).__mro__ if kind.__module__ == 'builtins' and kind is not object
    ]
    try:
        message = str(error)[:MESSAGE_LIMIT]
    except BaseException:
        message = ''
    return {'name': type(error).__name__, 'ancestry': ancestry, 'message': message}


def new_module(name):
    """An empty module under its own name in sys.modules, as classes and dataclasses expect of the code that defines them."""
    module = types.ModuleType(name)
    sys.modules[name] = module
    return module


def load(source, module):
    """Runs a program in a module; raises what the program raises."""
    code = compile(source, FILE, 'exec', dont_inherit=True)
    exec(code, module.__dict__)


def ran(error):
    """Whether an exception came while the program ran, not while it was compiled."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILE:
            return True
        step = step.tb_next
    return False


class Candidate:
    """Answers requests about one program; every answer is data."""

    def __init__(self, source):
        self.source = source
        self._module = new_module('candidate')
        self._objects = []
        self._numbers = {}

    def answer(self, text):
        """The reply to one request, both as JSON text; never raises."""
        try:
            request = from_text(text)
            reply = getattr(self, '_' + request['op'])(request)
        except BaseException as error:
            reply = {'error': describe_error(error)}
        try:
            return to_text(reply)
        except BaseException as error:
            return to_text({'error': describe_error(error)})

    def _hold(self, item):
        if isinstance(item, types.ModuleType) and item.__name__ in MODULES:
            return {'m': item.__name__}
        number = self._numbers.get(id(item))
        if number is None:
            number = len(self._objects)
            self._objects.append(item)
            self._numbers[id(item)] = number
        return {'h': number}

    def _held(self, tag, body):
        if tag != 'h':
            raise Refused('malformed value')
        return self._objects[body]

    def _value(self, item):
        return {'value': encode(item, self._hold)}

    def _take(self, data):
        return decode(data, self._held)

    def _open(self, request):
        """Runs the program; tells which of the asked names it defines."""
        namespace = self._module.__dict__
        try:
            load(self.source, self._module)
        except BaseException as error:
            return {'error': describe_error(error), 'ran': ran(error)}
        return {'names': {name: encode(namespace[name], self._hold) for name in request['names'] if name in namespace}}

    def _call(self, request):
        target = self._objects[request['target']]
        arguments = [self._take(item) for item in request['arguments']]
        keywords = {key: self._take(item) for key, item in request['keywords'].items()}
        reply = self._value(target(*arguments, **keywords))
        changed = {}
        for index, (before, argument) in enumerate(zip(request['arguments'], arguments)):
            if isinstance(before, (list, dict)) and 'h' not in before:
                after = encode(argument, self._hold)
                if after != before:
                    changed[str(index)] = after
        if changed:
            reply['changed'] = changed
        return reply

    def _get(self, request):
        return self._value(getattr(self._objects[request['target']], request['name']))

    def _set(self, request):
        setattr(self._objects[request['target']], request['name'], self._take(request['value']))
        return {'value': None}

    def _item(self, request):
        return self._value(self._objects[request['target']][self._take(request['key'])])

    def _put(self, request):
        self._objects[request['target']][self._take(request['key'])] = self._take(request['value'])
        return {'value': None}

    def _apply(self, request):
        """A builtin of one operand: bool, len, str, repr, iter, int, float."""
        function = getattr(builtins, request['function'])
        return self._value(function(self._objects[request['target']]))

    def _compare(self, request):
        """A comparison of two of the candidate's own objects."""
        left, right = self._objects[request['target']], self._objects[request['other']]
        return {'value': bool(getattr(left, request['name'])(right) is True)}

    def _isinstance(self, request):
        return {'value': isinstance(self._objects[request['other']], self._objects[request['target']])}

    def _next(self, request):
        """Up to a chunk of an iterator's items, and whether it ended."""
        iterator, items = self._objects[request['target']], []
        for _ in range(CHUNK):
            try:
                items.append(encode(next(iterator), self._hold))
            except StopIteration:
                return {'items': items, 'ended': True}
            except Exception as error:
                return {'items': items, 'ended': True, 'raised': describe_error(error)}
        return {'items': items, 'ended': False}

