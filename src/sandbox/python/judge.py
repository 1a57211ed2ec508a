"""Verdicts: in strict mode the candidate is behind a link, in compat mode it shares the interpreter with the tests."""

import builtins
import importlib
import time
import types

from candidate import FILE as CANDIDATE_FILE
from candidate import describe_error, load, new_module, ran
from codec import MODULES, Refused, decode, encode
from tester import DETAIL_LIMIT, Ended, Link, kind_of

TESTS_FILE = '<tests>'
CALL_LIMIT = 300
PASSED = {'kind': 'passed', 'error': None, 'detail': None}


def judge(task, exchange):
    """The verdict on a candidate that is asked through `exchange`, as data."""
    link = Link(exchange)
    try:
        module, code = _prepare(task, 'tests')
    except BaseException as error:
        return _fault(error)
    namespace = module.__dict__
    wanted = sorted((_names(code) - namespace.keys() - set(dir(builtins))) | {task['entry']} - {None})
    try:
        given = _open(link, task['entry'], wanted)
        for name in wanted:
            if name in given:
                namespace[name] = link.value(given[name])
            elif name in MODULES:
                namespace[name] = importlib.import_module(name)
        exec(code, namespace)
    except Ended:
        pass
    except BaseException as error:
        if link.verdict is None:
            return _of_test_error(error, task, link)
    if link.verdict is None:
        return PASSED
    detail = _lines(link.verdict['detail'], _last_call(task, link))
    return {**link.verdict, 'detail': detail}


def judge_here(task, source):
    """The verdict on a candidate run in this interpreter, as the original harnesses do: a hostile candidate can forge it."""
    try:
        module, code = _prepare(task, 'candidate')
    except BaseException as error:
        return _fault(error)
    namespace, entry = module.__dict__, task['entry']
    stub = namespace.get(entry)
    try:
        load(source, module)
    except BaseException as error:
        return _of_load_error(describe_error(error), ran(error))
    if entry is not None and namespace.get(entry) is stub:
        return _missing(entry)
    try:
        exec(code, namespace)
    except BaseException as error:
        return _of_shared_error(error, task)
    return PASSED


def evaluate(task, exchange):
    """What the entry point gives for each list of tagged arguments, with the seconds of each call; `passed` when every call was made."""
    link, calls, entry = Link(exchange), [], task['entry']
    try:
        target = _open(link, entry, [entry])[entry]
        if type(target) is not dict or type(target.get('h')) is not int:
            link.end('wrong_entry_point', entry, '%s is not a function' % entry)
        for arguments in task['inputs']:
            request = {'op': 'call', 'target': target['h'], 'arguments': arguments, 'keywords': {}}
            start = time.perf_counter()
            reply = link.request(request)
            seconds = time.perf_counter() - start
            if 'error' in reply:
                message = str(link.exception(reply['error']))[:CALL_LIMIT]
                calls.append({'raised': link.raised[1], 'message': message, 'seconds': seconds})
            else:
                calls.append({'value': _for_host(link, reply.get('value')), 'seconds': seconds})
    except Ended:
        return {**link.verdict, 'calls': calls}
    return {**PASSED, 'calls': calls}


def _for_host(link, data):
    """A returned value in the form for readers that are not Python; a handle becomes text."""
    try:
        return encode(link.value(data), lambda item: {'o': type(item).__name__}, leaves_python=True)
    except (Refused, RecursionError) as error:
        link.end('runtime', 'MalformedAnswer', str(error))


def _prepare(task, name):
    """A module with the bound values and what the setup defines, and the compiled tests."""
    module = new_module(name)
    for key, data in task['values'].items():
        module.__dict__[key] = decode(data, _no_handle)
    exec(compile(task['setup'], '<setup>', 'exec', dont_inherit=True), module.__dict__)
    return module, compile(task['tests'], TESTS_FILE, 'exec', dont_inherit=True)


def _no_handle(tag, _body):
    raise Refused('unknown tag %s' % tag)


def _names(code):
    """Every name that a code object or one inside it mentions."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _open(link, entry, names):
    """Has the candidate run its program; what it defines of the names, as tagged values."""
    reply = link.request({'op': 'open', 'names': names})
    if 'error' in reply:
        verdict = _of_load_error(reply['error'], reply.get('ran') is True)
        link.end(verdict['kind'], verdict['error'], verdict['detail'])
    given = reply.get('names')
    if type(given) is not dict:
        link.end('runtime', 'MalformedAnswer')
    if entry is not None and entry not in given:
        link.end('wrong_entry_point', entry, _missing(entry)['detail'])
    return given


def _verdict(kind, error, *lines):
    return {'kind': kind, 'error': error, 'detail': _lines(*lines)}


def _lines(*lines):
    text = '\n'.join(line for line in lines if line)
    return text[:DETAIL_LIMIT] or None


def _fault(error):
    return _verdict('fault', type(error).__name__, 'the tests could not be prepared: %s' % error)


def _missing(name):
    return _verdict('wrong_entry_point', name, 'the program does not define %s' % name)


def _of_load_error(described, has_run):
    described = described if type(described) is dict else {}
    ancestry, name, message = described.get('ancestry'), described.get('name'), described.get('message')
    ancestry = ancestry if type(ancestry) is list else []
    name = name[:200] if type(name) is str else 'MalformedAnswer'
    message = message[:DETAIL_LIMIT] if type(message) is str else None
    if not has_run and ('SyntaxError' in ancestry or 'ValueError' in ancestry):
        return _verdict('syntax', name, message)
    return _verdict(kind_of(ancestry), name, message)


def _of_test_error(error, task, link):
    """The verdict for an exception that left the tests, the candidate being elsewhere."""
    message, line, call = _text(error), _failing_line(error, task), _last_call(task, link)
    name = type(error).__name__
    if link.raised is not None and error is link.raised[0]:
        return _verdict(kind_of(link.raised[2]), link.raised[1], message, line, call)
    if isinstance(error, MemoryError):
        return _verdict('memory', name, message, line, call)
    if isinstance(error, KeyboardInterrupt):
        return _verdict('timeout', name, line, call)
    if isinstance(error, NameError) and not _is_known(error, task):
        return _verdict('wrong_entry_point', getattr(error, 'name', None) or name, message, line)
    return _verdict('failed', name, line, message, call)


def _of_shared_error(error, task):
    """The verdict for an exception in the one interpreter: the candidate's if it was raised in its code."""
    described = describe_error(error)
    line = _failing_line(error, task)
    if isinstance(error, KeyboardInterrupt):
        return _verdict('timeout', described['name'], line)
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    in_candidate = innermost is not None and innermost.tb_frame.f_code.co_filename != TESTS_FILE and ran(error)
    if in_candidate or not isinstance(error, Exception) or isinstance(error, MemoryError):
        return _verdict(kind_of(described['ancestry']), described['name'], described['message'], line)
    if isinstance(error, NameError) and not _is_known(error, task):
        return _verdict('wrong_entry_point', getattr(error, 'name', None) or described['name'], described['message'], line)
    return _verdict('failed', described['name'], line, described['message'])


def _is_known(error, task):
    """Whether an unknown name is one that the tests themselves define, so that the test and not the candidate is short of it."""
    return getattr(error, 'name', None) is None or ('def %s(' % error.name) in task['tests']


def _text(error):
    try:
        return str(error)
    except BaseException:
        return None


def _failing_line(error, task):
    """The source line of the tests where an exception passed through last."""
    number, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == TESTS_FILE:
            number = step.tb_lineno
        step = step.tb_next
    lines = task['tests'].split('\n')
    return None if number is None or not 0 < number <= len(lines) else lines[number - 1].strip()[:CALL_LIMIT]


def _last_call(task, link):
    """How the last call of the candidate went, as evidence."""
    if link.last_call is None:
        return None
    arguments, keywords, result = link.last_call
    shown = [_shown(item) for item in arguments] + ['%s=%s' % (key, _shown(item)) for key, item in keywords.items()]
    ending = 'did not return' if result is None else 'returned %s' % _shown(result[0])
    return 'last call: %s(%s) %s' % (task['entry'] or 'candidate', ', '.join(shown)[:CALL_LIMIT], ending)


def _shown(item):
    if type(item) not in (bool, int, float, str, bytes, list, tuple, dict, set, type(None)):
        return '<%s>' % type(item).__name__
    try:
        return repr(item)[:CALL_LIMIT]
    except BaseException:
        return '<%s>' % type(item).__name__
