/** A program that tries something it must not. Its tests ask for squares unless it brings its own. */
export interface HostileProgram {
  readonly id: string;
  readonly candidate: string;
  /** Tests that suit the attack; squares when not given. */
  readonly tests?: string;
  readonly timeLimitMs?: number;
  /** True when ending well is harmless: the attack is an effect, a bomb or state, and not the verdict. */
  readonly mayPass?: true;
}

/** Things outside that a program must not reach; each test run has its own. */
export interface HostileTargets {
  /** A host file with a secret in it. */
  readonly secretFile: string;
  /** A host path that must never come to be. */
  readonly marker: string;
  /** A port with a listener on the loopback address. */
  readonly port: number;
  /** Number of seconds that names a process of this run only. */
  readonly sleepSeconds: number;
}

export const hostileEntryPoint = 'solve';

export const squareTests = ['assert solve(2) == 4', 'assert solve(3) == 9', 'assert solve(-12) == 144'].join('\n');

export const honestSquare = 'def solve(x):\n    return x * x\n';

const always = (body: string): string => `class Same:\n${body}\n\ndef solve(x):\n    return Same()\n`;

/** Attempts to be called right without being right. */
const forgeries: readonly HostileProgram[] = [
  { id: 'equal to everything', candidate: always('    def __eq__(self, other):\n        return True') },
  {
    id: 'never unequal',
    candidate: always('    def __ne__(self, other):\n        return False'),
    tests: 'assert not (solve(2) != 4)',
  },
  {
    id: 'reflected equality',
    candidate: always('    def __eq__(self, other):\n        return True'),
    tests: 'assert 4 == solve(2)',
  },
  {
    id: 'integer subclass',
    candidate:
      'class Same(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = int.__hash__\n\ndef solve(x):\n    return Same(0)\n',
  },
  {
    id: 'string subclass',
    candidate:
      'class Same(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = str.__hash__\n\ndef solve(x):\n    return Same("no")\n',
    tests: "assert solve(2) == 'four'",
  },
  {
    id: 'list subclass',
    candidate:
      'class Same(list):\n    def __eq__(self, other):\n        return True\n\ndef solve(x):\n    return Same()\n',
    tests: 'assert solve(2) == [4]',
  },
  {
    id: 'equal members of a list',
    candidate:
      'class Same:\n    def __eq__(self, other):\n        return True\n\ndef solve(x):\n    return [Same(), Same()]\n',
    tests: 'assert solve(2) == [4, 5]',
  },
  {
    id: 'near to everything',
    candidate: always(
      '    def __sub__(self, other):\n        return 0.0\n    __rsub__ = __sub__\n    def __abs__(self):\n        return 0.0',
    ),
    tests: 'assert abs(solve(2) - 4.0) < 1e-6',
  },
  {
    id: 'near to everything, the other way',
    candidate: always('    def __rsub__(self, other):\n        return 0.0'),
    tests: 'assert abs(4.0 - solve(2)) < 1e-6',
  },
  {
    id: 'close by conversion',
    candidate:
      'import itertools\nclass Same:\n    values = itertools.count()\n    def __float__(self):\n        return float(next(self.values))\n\ndef solve(x):\n    return Same()\n',
    tests: 'import math\nassert math.isclose(solve(2), 400.0)',
  },
  {
    id: 'greater than everything',
    candidate: always('    def __gt__(self, other):\n        return True\n    __lt__ = __ge__ = __le__ = __gt__'),
    tests: 'assert solve(2) > 3',
  },
  {
    id: 'contains everything',
    candidate: always(
      '    def __contains__(self, item):\n        return True\n    def __iter__(self):\n        return iter(())',
    ),
    tests: 'assert 4 in solve(2)',
  },
  {
    id: 'member of every set',
    candidate: always(
      '    def __eq__(self, other):\n        return True\n    def __hash__(self):\n        return hash(4)',
    ),
    tests: 'assert solve(2) in {4}',
  },
  {
    id: 'lies about its class',
    candidate:
      'class Same:\n    __class__ = int\n    def __eq__(self, other):\n        return True\n\ndef solve(x):\n    return Same()\n',
    tests: 'assert isinstance(solve(2), int) and solve(2) == 4',
  },
  {
    id: 'changes at each look',
    candidate:
      'class Same:\n    n = 0\n    @property\n    def value(self):\n        Same.n += 1\n        return Same.n\n\ndef solve(x):\n    return Same()\n',
    tests: 'assert solve(2).value == 400',
  },
  {
    id: 'mapping that has every key',
    candidate:
      'class Same(dict):\n    def __missing__(self, key):\n        return key\n    def __eq__(self, other):\n        return True\n\ndef solve(x):\n    return Same()\n',
    tests: "assert solve(2) == {'four': 4}",
  },
  {
    id: 'shadows the functions that tests use',
    candidate:
      'abs = lambda x: 0\nlen = lambda x: 3\nsum = max = min = lambda *x: 4\nisinstance = lambda *x: True\nall = any = lambda *x: True\ndef solve(x):\n    return 0\n',
    tests: 'assert abs(solve(2) - 4) < 1e-6 and all([solve(3) == 9])',
  },
  {
    id: 'replaces a module that tests import',
    candidate:
      'import sys, types\nfake = types.ModuleType("math")\nfake.isclose = lambda *a, **k: True\nsys.modules["math"] = fake\ndef solve(x):\n    return 0.0\n',
    tests: 'import math\nassert math.isclose(solve(2), 4.0)',
  },
  {
    id: 'patches a module in place',
    candidate: 'import math\nmath.isclose = lambda *a, **k: True\ndef solve(x):\n    return 0.0\n',
    tests: 'import math\nassert math.isclose(solve(2), 4.0)',
  },
  {
    id: 'patches the builtins',
    candidate:
      'import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.AssertionError = ZeroDivisionError\nbuiltins.isinstance = lambda *a: True\ndef solve(x):\n    return 0\n',
    tests: 'assert abs(solve(2) - 4) < 1e-6',
  },
  {
    id: 'import hook',
    candidate:
      'import sys, types\nclass Finder:\n    def find_spec(self, name, path=None, target=None):\n        return None\nsys.meta_path.insert(0, Finder())\nsys.path_hooks.insert(0, lambda p: (_ for _ in ()).throw(ImportError()))\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'walks the frames',
    candidate: `import sys
def solve(x):
    frame = sys._getframe()
    while frame:
        for space in (frame.f_locals, frame.f_globals):
            for name in list(space):
                value = space[name]
                if name in ('result', 'results', 'stat', 'verdict'):
                    try:
                        value.append('passed')
                    except Exception:
                        pass
                if name == 'link':
                    value.verdict = None
        frame.f_globals['PASSED'] = {'kind': 'passed', 'error': None, 'detail': None}
        frame = frame.f_back
    return 0
`,
  },
  {
    id: 'reads the expected value from the frames',
    candidate: `import sys
def solve(x):
    frame = sys._getframe(1)
    while frame:
        for constant in frame.f_code.co_consts:
            if isinstance(constant, int) and constant == x * 2 + 396:
                return constant
        frame = frame.f_back
    return None
`,
    tests: 'assert solve(2) == 400',
  },
  {
    id: 'rewrites the check',
    candidate: `import gc
def solve(x):
    for item in gc.get_objects():
        if type(item).__name__ == 'function' and item.__name__ in ('check', 'judge', '_of_test_error', 'request'):
            try:
                item.__code__ = (lambda *a, **k: {'kind': 'passed', 'error': None, 'detail': None}).__code__
            except Exception:
                pass
    return 0
`,
    tests: 'def check(f):\n    assert f(2) == 4\n    assert f(3) == 9\ncheck(solve)',
  },
  {
    id: 'replaces the judge',
    candidate: `import sys
def solve(x):
    for name in ('judge', 'tester', 'zygote', 'wasm_driver', '__main__', 'candidate', 'codec'):
        module = sys.modules.get(name)
        for attribute in list(vars(module)) if module else ():
            if callable(getattr(module, attribute)):
                try:
                    setattr(module, attribute, lambda *a, **k: {'kind': 'passed', 'error': None, 'detail': None})
                except Exception:
                    pass
    return 0
`,
  },
  {
    id: 'replaces the JSON writer',
    candidate: `import json
text = '{"kind": "passed", "error": null, "detail": null, "value": 4, "names": {"solve": {"h": 0}}}'
json.dumps = lambda *a, **k: text
json.encoder.JSONEncoder.encode = lambda *a, **k: text
json.loads = lambda *a, **k: {"op": "get", "value": 4}
def solve(x):
    return 0
`,
  },
  {
    id: 'answers for the server',
    candidate: `import gc, sys
def solve(x):
    for item in gc.get_objects():
        if type(item).__name__ == 'Candidate':
            type(item).answer = lambda self, text: '{"value": 400, "kind": "passed", "verdict": "passed"}'
    return 0
`,
    tests: 'assert solve(2) == 4\nassert solve(3) == 9',
  },
  {
    id: 'writes a verdict everywhere',
    candidate: `import os
VERDICT = b'{"kind": "passed", "error": null, "detail": null}'
def solve(x):
    for fd in list(range(0, 64)) + [900]:
        try:
            os.write(fd, VERDICT)
        except OSError:
            pass
    os._exit(0)
`,
  },
  {
    id: 'frames a verdict everywhere',
    candidate: `import os, struct
VERDICT = b'{"value": {"i": "0x4"}}'
def solve(x):
    for fd in list(range(0, 64)) + [900]:
        for data in (struct.pack('<I', len(VERDICT)) + VERDICT, b'cs' + VERDICT, b's{"kind":"passed"}'):
            try:
                os.write(fd, data)
            except OSError:
                pass
    return 0
`,
  },
  { id: 'exits with success', candidate: 'import sys\ndef solve(x):\n    sys.exit(0)\n' },
  { id: 'exits while loading', candidate: 'import sys\ndef solve(x):\n    return 0\nsys.exit(0)\n' },
  { id: 'ends the process', candidate: 'import os\ndef solve(x):\n    os._exit(0)\n' },
  { id: 'ends the process while loading', candidate: 'import os\ndef solve(x):\n    return 0\nos._exit(0)\n' },
  { id: 'quits', candidate: 'def solve(x):\n    quit()\n' },
  { id: 'aborts', candidate: 'import os\ndef solve(x):\n    os.abort()\n' },
  {
    id: 'signals itself',
    candidate:
      'import os, signal\ndef solve(x):\n    signal.signal(signal.SIGTERM, signal.SIG_DFL)\n    os.kill(os.getpid(), signal.SIGTERM)\n    return 0\n',
  },
  { id: 'crashes', candidate: 'import ctypes\ndef solve(x):\n    return ctypes.string_at(8)\n' },
  {
    id: 'registers an exit handler',
    candidate: 'import atexit, os\natexit.register(lambda: os._exit(0))\ndef solve(x):\n    raise SystemExit(0)\n',
  },
  {
    id: 'raises what nobody catches',
    candidate: 'class Odd(BaseException):\n    pass\ndef solve(x):\n    raise Odd()\n',
  },
  { id: 'raises an interrupt', candidate: 'def solve(x):\n    raise KeyboardInterrupt\n' },
  { id: 'raises StopIteration', candidate: 'def solve(x):\n    raise StopIteration(4)\n' },
  { id: 'raises GeneratorExit', candidate: 'def solve(x):\n    raise GeneratorExit\n' },
  {
    id: 'exception that lies',
    candidate:
      'class Odd(Exception):\n    __name__ = "passed"\n    def __str__(self):\n        import os\n        os._exit(0)\ndef solve(x):\n    raise Odd()\n',
  },
  {
    id: 'exception swallowed by the test',
    candidate: 'import os\ndef solve(x):\n    os._exit(0)\n',
    tests: 'try:\n    solve(2)\nexcept BaseException:\n    pass',
  },
  {
    id: 'malformed answers',
    candidate: `import json
json.dumps = lambda *a, **k: '{"value": {"h": 1e400}}'
def solve(x):
    return 0
`,
    tests: 'try:\n    ok = solve(2) == 4\nexcept Exception:\n    ok = True\nassert ok',
  },
  {
    id: 'answer nested without end',
    candidate: `import json
json.dumps = lambda *a, **k: '{"value": ' + '[' * 200000 + ']' * 200000 + '}'
def solve(x):
    return 0
`,
    tests: 'try:\n    ok = solve(2) == 4\nexcept Exception:\n    ok = True\nassert ok',
  },
  {
    id: 'answer that is no text',
    candidate: 'import json\njson.dumps = lambda *a, **k: b"\\xff\\xfe" * 100\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'traces',
    candidate:
      'import sys\ndef trace(frame, event, argument):\n    frame.f_trace_lines = False\n    return trace\nsys.settrace(trace)\nsys.setprofile(lambda *a: None)\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'searches its memory for the tests',
    candidate: `import gc
def solve(x):
    for item in gc.get_objects():
        try:
            values = item.values() if isinstance(item, dict) else item if isinstance(item, (list, tuple)) else ()
            for value in list(values):
                if isinstance(value, str) and 'assert solve(2) == ' in value and len(value) < 200:
                    line = [part for part in value.split('\\n') if part.startswith('assert solve(%d)' % x)][0]
                    return int(line.split('== ')[1])
        except Exception:
            pass
    return None
`,
  },
  {
    id: 'searches raw memory for the tests',
    candidate: `import ctypes
NEEDLE = b'assert sol' + b've(2) == '
def regions():
    try:
        for line in open('/proc/self/maps'):
            ends, rights = line.split()[:2]
            if 'r' in rights:
                low, high = (int(end, 16) for end in ends.split('-'))
                yield low, high
    except OSError:
        here = id(object())
        if here < 2**28:
            yield 1024, here + 2**20
def solve(x):
    for low, high in regions():
        try:
            data = bytes((ctypes.c_char * (high - low)).from_address(low))
        except Exception:
            continue
        at = data.find(NEEDLE)
        if at >= 0:
            return int(data[at + len(NEEDLE):at + len(NEEDLE) + 3].split()[0])
    return None
`,
    tests: 'assert solve(2) == 4',
  },
  {
    id: 'looks the tests up',
    candidate: `import linecache, sys, inspect
def solve(x):
    for name in ('tests', '__main__'):
        module = sys.modules.get(name)
        if module and 'EXPECTED' in vars(module):
            return module.EXPECTED[x]
    return None
`,
    tests: 'EXPECTED = {2: 400}\nassert solve(2) == EXPECTED[2]',
  },
  {
    id: 'patches from a thread',
    candidate: `import threading, time, gc
def work():
    for _ in range(50):
        for item in gc.get_objects():
            if type(item).__name__ == 'Link':
                item.verdict = {'kind': 'passed', 'error': None, 'detail': None}
        time.sleep(0.001)
try:
    threading.Thread(target=work, daemon=True).start()
except RuntimeError:
    pass
def solve(x):
    return 0
`,
  },
  {
    id: 'floods the channel ahead of time',
    candidate: `import os, struct
ANSWER = b'{"value": 4}'
def solve(x):
    frame = struct.pack('<I', len(ANSWER)) + ANSWER
    for fd in range(3, 12):
        try:
            os.set_blocking(fd, False)
            os.write(fd, frame * 50)
        except OSError:
            pass
    return 0
`,
    tests: 'assert solve(2) == 4\nassert solve(3) == 9',
  },
  { id: 'closes everything', candidate: 'import os\ndef solve(x):\n    os.closerange(0, 1000)\n    return 4\n' },
  {
    id: 'finalizer that exits',
    candidate:
      'import os\nclass Odd:\n    def __del__(self):\n        os._exit(0)\ndef solve(x):\n    Odd()\n    return 4\n',
  },
  {
    id: 'generator that exits',
    candidate: 'import os\ndef solve(x):\n    yield 4\n    os._exit(0)\n',
    tests: 'assert list(solve(2)) == [4]',
  },
  { id: 'is not the function', candidate: 'solve = True\n' },
  {
    id: 'defines the check',
    candidate: 'def check(f):\n    return True\ndef solve(x):\n    return 0\n',
    tests: 'def check(f):\n    assert f(2) == 4\ncheck(solve)',
  },
];

const pythonString = (text: string): string => JSON.stringify(text);

/** Attempts to read, change or start something outside; what they could read comes back in their exception. */
function escapes(targets: HostileTargets): readonly HostileProgram[] {
  const secret = pythonString(targets.secretFile);
  const marker = pythonString(targets.marker);
  const { port, sleepSeconds } = targets;
  const program = (id: string, body: string): HostileProgram => ({
    id,
    candidate: `def solve(x):\n${body
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')}\n    return 0\n`,
  });
  const shell = pythonString(`touch ${targets.marker}; cat ${targets.secretFile}; sleep ${sleepSeconds} &`);
  return [
    program('opens a host file', `raise RuntimeError(open(${secret}).read())`),
    program('opens it by descriptor', `import os\nraise RuntimeError(os.read(os.open(${secret}, os.O_RDONLY), 100))`),
    program(
      'opens it from every root',
      `import os\nfor up in range(1, 12):\n    try:\n        raise RuntimeError(open('../' * up + ${secret}.lstrip('/')).read())\n    except OSError:\n        pass`,
    ),
    program('writes a host file', `open(${marker}, 'w').write('x')`),
    program('writes over the secret', `open(${secret}, 'w').write('gone')`),
    program('appends to the secret', `import os\nos.write(os.open(${secret}, os.O_WRONLY | os.O_APPEND), b'more')`),
    program('removes the secret', `import os\nos.unlink(${secret})`),
    program('renames the secret', `import os\nos.rename(${secret}, ${marker})`),
    program('truncates the secret', `import os\nos.truncate(${secret}, 0)`),
    program(
      'changes its rights',
      `import os\nos.chmod(${secret}, 0o777)\nos.utime(${secret}, (0, 0))\nos.chown(${secret}, 1, 1)`,
    ),
    program(
      'links to it',
      `import os\nos.symlink(${secret}, '/tmp/link')\nraise RuntimeError(open('/tmp/link').read())`,
    ),
    program(
      'links to it by name',
      `import os\nos.link(${secret}, '/tmp/hard')\nraise RuntimeError(open('/tmp/hard').read())`,
    ),
    program(
      'reads through /proc',
      `import os\nfor path in ('/proc/self/root', '/proc/1/root', '/proc/%d/root' % os.getppid(), '/proc/self/cwd/../../../../..'):\n    try:\n        raise RuntimeError(open(path + ${secret}).read())\n    except OSError:\n        pass`,
    ),
    program(
      'reads the environment of others',
      `import os\nfor name in ('1', 'self', str(os.getppid())):\n    try:\n        raise RuntimeError(open('/proc/%s/environ' % name).read())\n    except OSError:\n        pass`,
    ),
    program('reads its own environment', `import os\nraise RuntimeError(repr(dict(os.environ)))`),
    program(
      'writes to the memory of its parent',
      `import os\nwith open('/proc/%d/mem' % os.getppid(), 'r+b') as memory:\n    memory.write(b'x')`,
    ),
    program(
      'reopens its descriptors',
      `import os\nfor name in os.listdir('/proc/self/fd'):\n    os.write(os.open('/proc/self/fd/' + name, os.O_RDWR), b'{"kind":"passed"}')`,
    ),
    program('runs a shell', `import os\nos.system(${shell})`),
    program('opens a pipe to a shell', `import os\nraise RuntimeError(os.popen(${shell}).read())`),
    program(
      'runs a process',
      `import subprocess\nraise RuntimeError(subprocess.check_output(['/bin/sh', '-c', ${shell}]))`,
    ),
    program('spawns', `import os\nos.posix_spawn('/bin/sh', ['sh', '-c', ${shell}], {})`),
    program('replaces itself', `import os\nos.execv('/bin/sh', ['sh', '-c', ${shell}])`),
    program('forks', `import os, time\nif os.fork() == 0:\n    time.sleep(${sleepSeconds})`),
    program(
      'forks through C',
      `import ctypes, time\nif ctypes.CDLL(None).fork() == 0:\n    time.sleep(${sleepSeconds})`,
    ),
    program(
      'forks by number',
      `import ctypes, time\nlibc = ctypes.CDLL(None)\nfor number in (56, 57, 58, 220):\n    if libc.syscall(number, 17, 0, 0, 0, 0) == 0:\n        time.sleep(${sleepSeconds})`,
    ),
    program(
      'forks by the newest number',
      `import ctypes, time\narguments = (ctypes.c_uint64 * 11)(*([0] * 4 + [17] + [0] * 6))\nif ctypes.CDLL(None).syscall(435, arguments, 88) == 0:\n    time.sleep(${sleepSeconds})`,
    ),
    program('runs a shell through C', `import ctypes\nctypes.CDLL(None).system(${shell}.encode())`),
    program(
      'executes through C',
      `import ctypes\nlibc = ctypes.CDLL(None)\nargv = (ctypes.c_char_p * 4)(b'sh', b'-c', ${shell}.encode(), None)\nlibc.execve(b'/bin/sh', argv, None)\nlibc.syscall(59, b'/bin/sh', argv, None)`,
    ),
    program(
      'uses multiprocessing',
      `import multiprocessing, os\np = multiprocessing.get_context('fork').Process(target=os.system, args=(${shell},))\np.start()\np.join(1)`,
    ),
    program('uses a terminal', `import pty\npty.spawn(['/bin/sh', '-c', ${shell}])`),
    program('connects', `import socket\nsocket.create_connection(('127.0.0.1', ${port}), 1).send(b'out')`),
    program(
      'connects by the inner module',
      `import _socket\ns = _socket.socket(2, 1)\ns.connect(('127.0.0.1', ${port}))\ns.send(b'out')`,
    ),
    program(
      'sends a datagram',
      `import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'out', ('127.0.0.1', ${port}))`,
    ),
    program(
      'fetches',
      `import urllib.request\nraise RuntimeError(urllib.request.urlopen('http://127.0.0.1:${port}/').read())`,
    ),
    program(
      'speaks HTTP',
      `import http.client\nc = http.client.HTTPConnection('127.0.0.1', ${port}, timeout=1)\nc.request('GET', '/')\nraise RuntimeError(c.getresponse().read())`,
    ),
    program(
      'connects in a loop of its own',
      `import asyncio\nasync def go():\n    await asyncio.open_connection('127.0.0.1', ${port})\nasyncio.run(go())`,
    ),
    program(
      'connects through C',
      `import ctypes, struct\nlibc = ctypes.CDLL(None)\nfd = libc.socket(2, 1, 0)\naddress = struct.pack('=H', 2) + struct.pack('>H', ${port}) + bytes([127, 0, 0, 1]) + bytes(8)\nlibc.connect(fd, address, 16)\nfd = libc.syscall(41, 2, 1, 0)\nlibc.syscall(42, fd, address, 16)`,
    ),
    program(
      'speaks to a local socket',
      `import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('/var/run/docker.sock')`,
    ),
    program(
      'makes a socket pair',
      `import socket\na, b = socket.socketpair()\na.send(b'x')\nraise RuntimeError(b.recv(1))`,
    ),
    program(
      'uses the asynchronous interface of the kernel',
      `import ctypes\nparameters = (ctypes.c_char * 120)()\nif ctypes.CDLL(None).syscall(425, 8, parameters) >= 0:\n    open(${marker}, 'w')`,
    ),
    program('kills its parent', `import os, signal\nos.kill(os.getppid(), signal.SIGKILL)`),
    program(
      'kills everybody',
      `import os, signal\nfor process in (-1, 0, 1, 2, 3, 4, 5):\n    try:\n        os.kill(process, signal.SIGKILL)\n    except OSError:\n        pass`,
    ),
    program(
      'kills through C',
      `import ctypes, os\nlibc = ctypes.CDLL(None)\nfor process in list(range(1, 20)) + [os.getppid()]:\n    libc.syscall(234, process, process, 9)\n    libc.syscall(200, process, 9)\n    libc.syscall(129, process, 9, 0)`,
    ),
    program(
      'has a signal sent by a pipe',
      `import fcntl, os\nr, w = os.pipe()\nfor process in list(range(1, 12)) + [os.getppid()]:\n    fcntl.fcntl(r, 8, process)\n    fcntl.fcntl(r, 10, 9)\n    fcntl.fcntl(r, fcntl.F_SETFL, 0o20000 | os.O_NONBLOCK)\n    os.write(w, b'x')`,
    ),
    program(
      'traces its parent',
      `import ctypes, os\nlibc = ctypes.CDLL(None)\nif libc.ptrace(16, os.getppid(), 0, 0) == 0 or libc.syscall(310, os.getppid(), 0, 0, 0, 0, 0) > 0:\n    open(${marker}, 'w')`,
    ),
    program(
      'raises its limits',
      `import resource\nresource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\nraise RuntimeError(len(bytearray(2**31)))`,
    ),
    program(
      'mounts',
      `import ctypes\nlibc = ctypes.CDLL(None)\nlibc.unshare(0x10000000)\nif libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0:\n    open(${marker}, 'w')`,
    ),
    program(
      'changes its root',
      `import os\nos.mkdir('/tmp/r')\nos.chroot('/tmp/r')\nfor _ in range(20):\n    os.chdir('..')\nos.chroot('.')\nraise RuntimeError(open(${secret}).read())`,
    ),
    program(
      'opens by handle',
      `import ctypes\nlibc = ctypes.CDLL(None)\nhandle = (ctypes.c_char * 24)(*b'\\x08\\0\\0\\0\\1\\0\\0\\0\\2\\0\\0\\0\\0\\0\\0\\0')\nif libc.open_by_handle_at(0, handle, 0) >= 0:\n    open(${marker}, 'w')`,
    ),
    program(
      'runs a file from memory',
      `import ctypes, os\nfd = ctypes.CDLL(None).memfd_create(b'x', 0)\nos.write(fd, b'#!/bin/sh\\n' + ${shell}.encode())\nos.execve(fd, ['x'], {})`,
    ),
    program(
      'loads a library of its own',
      `import ctypes\nopen('/tmp/x.so', 'wb').write(b'\\x7fELF' + b'\\0' * 60)\nctypes.CDLL('/tmp/x.so')\nopen(${marker}, 'w')`,
    ),
    program(
      'listens',
      `import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nopen(${marker}, 'w')`,
    ),
    program(
      'asks JavaScript for files',
      `import js\nraise RuntimeError(js.process.getBuiltinModule('fs').readFileSync(${secret}, 'utf8'))`,
    ),
    program('evaluates JavaScript', `import js\njs.eval("require('fs').writeFileSync(" + repr(${marker}) + ", 'x')")`),
    program(
      'evaluates JavaScript by Pyodide',
      `from pyodide.code import run_js\nrun_js("process.getBuiltinModule('fs').writeFileSync(" + repr(${marker}) + ", 'x')")`,
    ),
    program(
      'makes a function in JavaScript',
      `import pyodide_js\npyodide_js.constructor.constructor("return process")().getBuiltinModule('fs').writeFileSync(${marker}, 'x')`,
    ),
    program(
      'mounts a host folder',
      `import pyodide_js\npyodide_js.mountNodeFS('/m', '/')\nraise RuntimeError(open('/m' + ${secret}).read())`,
    ),
    program(
      'makes a JavaScript function out of a converted value',
      `from pyodide.ffi import to_js\nto_js([1]).constructor.constructor("return process")().kill(0)\nopen(${marker}, 'w')`,
    ),
    program(
      'makes a proxy',
      `from pyodide.ffi import create_proxy\ncreate_proxy(print).constructor.constructor("return process")().getBuiltinModule('fs').writeFileSync(${marker}, 'x')`,
    ),
    program(
      'uses the core of Pyodide',
      `import _pyodide_core\nfor name in dir(_pyodide_core):\n    value = getattr(_pyodide_core, name)\n    if hasattr(value, 'constructor'):\n        value.constructor.constructor("return process")().getBuiltinModule('fs').writeFileSync(${marker}, 'x')`,
    ),
    program(
      'schedules JavaScript',
      `import pyodide.webloop\npyodide.webloop.scheduleCallback.constructor("return process")().getBuiltinModule('fs').writeFileSync(${marker}, 'x')`,
    ),
    program(
      'runs a script of Emscripten',
      `import ctypes\nctypes.CDLL(None).emscripten_run_script_int(("process.getBuiltinModule('fs').writeFileSync(%r,'x')" % ${marker}).encode())`,
    ),
    program('fetches by JavaScript', `from js import fetch\nfetch('http://127.0.0.1:${port}/')`),
    program(
      'fetches by Pyodide',
      `import pyodide.http\nraise RuntimeError(pyodide.http.open_url('http://127.0.0.1:${port}/').read())`,
    ),
    program('installs a package', `import micropip\nmicropip.install('x')\nopen(${marker}, 'w')`),
    program(
      'writes past its files',
      `import ctypes, os\nlibc = ctypes.CDLL(None)\nfor name in ('emscripten_run_script', 'emscripten_async_run_script', 'emscripten_asm_const_int', 'js_eval'):\n    function = getattr(libc, name)\n    function(("require('fs').writeFileSync(%r,'x')" % ${marker}).encode())`,
    ),
    program(
      'calls every function by its number',
      `import ctypes\nfor address in range(1, 400):\n    try:\n        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p)(address)(${shell}.encode())\n    except Exception:\n        pass`,
    ),
    program(
      'calls what a table holds',
      `import ctypes\nmemory = (ctypes.c_uint32 * 65536).from_address(1024)\nfor index in range(0, 65536, 7):\n    memory[index] = (index * 2654435761) & 0xffff\nlen([[]] * 3)\nopen(${marker}, 'w')`,
    ),
  ];
}

/** Programs that use up something. */
const bombs: readonly HostileProgram[] = [
  { id: 'one large allocation', candidate: 'def solve(x):\n    return len(bytearray(10**10))\n' },
  {
    id: 'growing list',
    candidate: 'def solve(x):\n    items = []\n    while True:\n        items.append(" " * 10**6)\n',
    timeLimitMs: 4000,
  },
  {
    id: 'growing dictionary',
    candidate: 'def solve(x):\n    items = {}\n    while True:\n        items[len(items)] = list(range(100))\n',
    timeLimitMs: 4000,
  },
  {
    id: 'growing string',
    candidate: 'def solve(x):\n    text = "x"\n    while True:\n        text += text\n',
    timeLimitMs: 4000,
  },
  { id: 'growing number', candidate: 'def solve(x):\n    n = 3\n    while True:\n        n = n * n\n' },
  { id: 'large power', candidate: 'def solve(x):\n    return 10**10**10\n' },
  {
    id: 'memory errors swallowed',
    candidate:
      'def solve(x):\n    items = []\n    while True:\n        try:\n            while True:\n                items.append(bytearray(10**6))\n        except MemoryError:\n            pass\n',
  },
  { id: 'recursion', candidate: 'def solve(x):\n    return solve(x)\n' },
  {
    id: 'recursion without limit',
    candidate: 'import sys\nsys.setrecursionlimit(10**9)\ndef solve(x):\n    return solve(x)\n',
  },
  {
    id: 'recursion inside C',
    candidate:
      'def solve(x):\n    item = []\n    for _ in range(10**6):\n        item = [item]\n    return repr(item)\n',
    timeLimitMs: 4000,
  },
  {
    id: 'deep value',
    candidate: 'def solve(x):\n    item = []\n    for _ in range(10**5):\n        item = [item]\n    return item\n',
    timeLimitMs: 4000,
  },
  {
    id: 'value that holds itself',
    candidate: 'def solve(x):\n    item = []\n    item.append(item)\n    return item\n',
  },
  {
    id: 'value shared many times',
    candidate: 'def solve(x):\n    item = [1]\n    for _ in range(40):\n        item = [item, item]\n    return item\n',
    timeLimitMs: 6000,
  },
  { id: 'long value', candidate: 'def solve(x):\n    return "x" * (100 * 2**20)\n', timeLimitMs: 4000 },
  { id: 'long exception', candidate: 'def solve(x):\n    raise ValueError("x" * (20 * 2**20))\n' },
  {
    id: 'endless iterator',
    candidate: 'import itertools\ndef solve(x):\n    return itertools.count()\n',
    tests: 'assert sum(solve(2)) == 4',
  },
  { id: 'deep source', candidate: `def solve(x):\n    return ${'('.repeat(5000)}x${')'.repeat(5000)}\n` },
  { id: 'long expression', candidate: `def solve(x):\n    return ${'-'.repeat(100_000)}x\n`, timeLimitMs: 4000 },
  {
    id: 'compiler bomb',
    candidate: 'def solve(x):\n    return eval("[" * 90 + "]" * 90 + "+" .join(["1"] * 30000))\n',
    timeLimitMs: 4000,
  },
  { id: 'constant folding', candidate: 'def solve(x):\n    return eval("((1 << 120000) ** 20) and " + "0")\n' },
  {
    id: 'threads',
    candidate:
      'import threading, time\ndef solve(x):\n    while True:\n        threading.Thread(target=time.sleep, args=(60,)).start()\n',
  },
  {
    id: 'processes',
    candidate:
      'import os\ndef solve(x):\n    while True:\n        try:\n            os.fork()\n        except Exception:\n            return 0\n',
  },
  {
    id: 'processes through C',
    candidate:
      'import ctypes\ndef solve(x):\n    libc = ctypes.CDLL(None)\n    for _ in range(2000):\n        libc.fork()\n    return 0\n',
  },
  {
    id: 'many files',
    candidate: 'def solve(x):\n    for index in range(10**6):\n        open("/tmp/f%d" % index, "w").write("x")\n',
    timeLimitMs: 3000,
  },
  {
    id: 'many folders',
    candidate: 'import os\ndef solve(x):\n    while True:\n        os.mkdir("d")\n        os.chdir("d")\n',
    timeLimitMs: 3000,
  },
  {
    id: 'large files',
    candidate:
      'def solve(x):\n    index = 0\n    while True:\n        index += 1\n        with open("/tmp/f%d" % index, "wb") as file:\n            for _ in range(15):\n                file.write(b"x" * 2**20)\n',
    timeLimitMs: 3000,
  },
  {
    id: 'one endless file',
    candidate:
      'def solve(x):\n    with open("/tmp/f", "wb") as file:\n        while True:\n            file.write(b"x" * 2**20)\n',
    timeLimitMs: 3000,
  },
  {
    id: 'sparse file',
    candidate:
      'import os\ndef solve(x):\n    fd = os.open("/tmp/f", os.O_RDWR | os.O_CREAT)\n    os.ftruncate(fd, 2**50)\n    os.lseek(fd, 2**49, 0)\n    os.write(fd, b"x")\n',
  },
  {
    id: 'open files',
    candidate: 'def solve(x):\n    files = []\n    while True:\n        files.append(open("/tmp/f", "w"))\n',
  },
  {
    id: 'pipes',
    candidate: 'import os\ndef solve(x):\n    pipes = []\n    while True:\n        pipes.append(os.pipe())\n',
  },
  {
    id: 'output',
    candidate:
      'import sys, os\ndef solve(x):\n    while True:\n        print("x" * 10**5)\n        sys.stderr.write("y" * 10**5)\n        os.write(1, b"z" * 10**5)\n',
  },
  {
    id: 'output while loading',
    candidate: 'for _ in range(300):\n    print("x" * 10**5)\ndef solve(x):\n    return x\n',
    timeLimitMs: 6000,
  },
  { id: 'loop', candidate: 'def solve(x):\n    while True:\n        pass\n' },
  { id: 'loop while loading', candidate: 'def solve(x):\n    return x * x\nwhile True:\n    pass\n' },
  {
    id: 'loop that catches everything',
    candidate:
      'def solve(x):\n    while True:\n        try:\n            while True:\n                pass\n        except BaseException:\n            pass\n',
  },
  { id: 'loop inside C', candidate: 'def solve(x):\n    return sum(range(10**13))\n' },
  { id: 'sleep', candidate: 'import time\ndef solve(x):\n    time.sleep(10**6)\n' },
  {
    id: 'catastrophic expression',
    candidate: 'import re\ndef solve(x):\n    return re.match(r"(a|aa)+$", "a" * 60 + "b") and x\n',
  },
  {
    id: 'ignored signals',
    candidate:
      'import signal\nfor number in range(1, 32):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    except Exception:\n        pass\ndef solve(x):\n    while True:\n        pass\n',
  },
  {
    id: 'unpacking',
    candidate:
      'import zlib\ndef solve(x):\n    data = zlib.compress(bytes(2**27))\n    items = [zlib.decompress(data) for _ in range(100)]\n    return len(items)\n',
    timeLimitMs: 5000,
  },
  {
    id: 'slow comparison',
    candidate:
      'class Slow(int):\n    def __index__(self):\n        while True:\n            pass\n    __int__ = __index__\ndef solve(x):\n    return [Slow(4)] * 1000\n',
  },
];

/** Programs that leave something behind for the next one and come to their end. */
const endedLeavers: readonly HostileProgram[] = [
  {
    id: 'leaves patched builtins',
    candidate: 'import builtins\nbuiltins.len = lambda x: 42\nbuiltins.print = None\ndef solve(x):\n    return x * x\n',
  },
  {
    id: 'leaves patched modules',
    candidate:
      'import math, json, random, sys\nmath.sqrt = lambda x: 42\njson.loads = None\nsys.modules["collections"] = None\nrandom.seed(1)\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves files',
    candidate:
      'import os\nopen("/tmp/left", "w").write("x")\nos.makedirs("/tmp/a/b/c", exist_ok=True)\nfor path in ("/dev/shm/left", "/left", "/var/tmp/left"):\n    try:\n        open(path, "w").write("x")\n    except OSError:\n        pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves another folder and environment',
    candidate:
      'import os, sys\nos.chdir("/")\nos.environ["LEFT"] = "x"\nos.umask(0)\nsys.path.insert(0, "/tmp")\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves other limits',
    candidate:
      'import sys, gc, decimal, locale, warnings\nsys.setrecursionlimit(50)\nsys.setswitchinterval(1e-6)\ngc.disable()\ndecimal.getcontext().prec = 2\nsys.set_int_max_str_digits(1000)\nwarnings.simplefilter("error")\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'closes the standard files',
    candidate:
      'import os, sys\nfor fd in (0, 1, 2):\n    try:\n        os.close(fd)\n    except OSError:\n        pass\nsys.stdout = sys.stderr = sys.stdin = None\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'takes the place of the standard files',
    candidate:
      'import os\nfd = os.open("/tmp/out", os.O_RDWR | os.O_CREAT)\nfor target in (0, 1, 2):\n    try:\n        os.dup2(fd, target)\n    except OSError:\n        pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves open files and places in them',
    candidate:
      'import os, sys\nfiles = [open("/tmp/%d" % index, "w") for index in range(20)]\ntry:\n    os.lseek(0, 100, 0)\nexcept OSError:\n    pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'breaks the library',
    candidate:
      'import sys, os\nfor path in list(sys.path) + [os.__file__, "/lib/python314.zip"]:\n    try:\n        os.truncate(path, 0)\n    except OSError:\n        pass\n    try:\n        open(path, "wb").close()\n    except OSError:\n        pass\n    try:\n        import fcntl\n        fd = os.open(path, os.O_RDONLY)\n        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR)\n        os.write(fd, b"broken")\n    except OSError:\n        pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'writes all over its memory',
    candidate: 'import ctypes\ndef solve(x):\n    ctypes.memset(id(int), 0x41, 200)\n    return 3 + x\n',
  },
  {
    id: 'writes over free memory',
    candidate:
      'import ctypes\ndef solve(x):\n    top = id(object()) + 2**22\n    if top < 2**28:\n        for at in range(top, top + 2**22, 4):\n            try:\n                ctypes.c_uint32.from_address(at).value = 0x41414141\n            except Exception:\n                break\n    return 0\n',
  },
  {
    id: 'leaves a thread',
    candidate:
      'import threading, builtins\ndef work():\n    while True:\n        builtins.len = lambda x: 42\ntry:\n    threading.Thread(target=work, daemon=True).start()\nexcept RuntimeError:\n    pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves handlers',
    candidate:
      'import signal, atexit, sys\ntry:\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\nexcept ValueError:\n    pass\natexit.register(print)\nsys.excepthook = None\nsys.settrace(lambda *a: None)\nimport threading\nthreading.excepthook = None\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'leaves an alarm',
    candidate:
      'import signal\ntry:\n    signal.setitimer(signal.ITIMER_REAL, 0.05)\nexcept Exception:\n    pass\ndef solve(x):\n    return 0\n',
  },
  {
    id: 'keeps a secret for the next',
    candidate:
      'import sys, builtins\nbuiltins.LEFT = sys.LEFT = "x"\nsys.modules["left"] = sys\ndef solve(x):\n    return 0\n',
  },
];

/** The same, cut off while they run: what was left is put back however a program ended. */
const leavers: readonly HostileProgram[] = endedLeavers.flatMap((program) => [
  program,
  { id: `${program.id}, then exits`, candidate: `${program.candidate}import os\ndef solve(x):\n    os._exit(0)\n` },
  {
    id: `${program.id}, then makes a forbidden call`,
    candidate: `${program.candidate}def solve(x):\n    import js\n    js.eval("1")\n    return 0\n`,
  },
]);

/** Squares, and everything that a left state would change. */
export const cleanStateProgram = {
  candidate: `import os, sys, math, json, gc, decimal, collections, random, tempfile
def solve(x):
    assert len('abc') == 3 and math.sqrt(16) == 4.0 and json.loads('[1]') == [1]
    assert collections.Counter('aa')['a'] == 2
    for path in ('/tmp/left', 'left', '/tmp/a', '/tmp/out', '/tmp/0', '/dev/shm/left', '/left', '/var/tmp/left'):
        assert not os.path.exists(path), path
    assert 'LEFT' not in os.environ and not hasattr(sys, 'LEFT') and 'left' not in sys.modules
    assert '/tmp' not in sys.path and os.getcwd() != '/'
    assert sys.getrecursionlimit() == 1000 and gc.isenabled() and decimal.getcontext().prec == 28
    print('still here', flush=True)
    sys.stderr.write('still here')
    import textwrap, fractions, statistics, calendar
    with tempfile.TemporaryFile('w+') as file:
        file.write('abc')
        file.seek(0)
        assert file.read() == 'abc'
    assert statistics.mean([1, 2, 3]) == 2 and calendar.isleap(2000)
    return x * x
`,
  tests: squareTests,
} as const;

/** Every hostile program; the lists of effects and bombs may end well as long as nothing comes of it. */
export const hostilePrograms = (
  targets: HostileTargets,
): {
  readonly forgeries: readonly HostileProgram[];
  readonly escapes: readonly HostileProgram[];
  readonly bombs: readonly HostileProgram[];
  readonly leavers: readonly HostileProgram[];
} => ({ forgeries, escapes: escapes(targets), bombs, leavers });
