"""Fork-server: imports once, then forks fresh children for each task. It never reads a candidate or a test itself.

A task on standard input is a header of five little-endian 32-bit numbers (mode, limit in milliseconds, the wall-clock limit
for a starved machine, bytes of the candidate, bytes of the tests) and the two texts, which the children read. A result on standard output is two such
numbers (bytes of the report, bytes of the verdict) and the two texts.
"""

import gc
import json
import os
import select
import shutil
import signal
import struct
import sys
import time

# Only for these imports: a program must find nothing but the standard library.
_here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _here)
import guard
import judge
from candidate import Candidate

sys.path[:] = [folder for folder in sys.path if folder != _here]

# What programs import most; children find it loaded.
import bisect, cmath, collections, copy, ctypes, dataclasses, datetime, decimal, enum, fractions, functools  # noqa: E401, F401
import hashlib, heapq, itertools, math, operator, queue, random, re, statistics, string, threading, typing  # noqa: E401, F401

STRICT, COMPAT, EVALUATE = 0, 1, 2
VERDICT_LIMIT = 64 * 1024 * 1024
PREPARE_SECONDS = 60
# Past its limit a program is looked at this often (seconds); below this share of a processor it sleeps.
OVERTIME_WINDOW, ASLEEP_SHARE = 1.0, 0.005
SCRATCH_BYTES = 64 * 1024 * 1024
SCRATCH_ENTRIES = 2000
SCRATCH_DEPTH = 50
GONE = 3


def read_exactly(descriptor, count):
    """Exactly so many bytes; raises EOFError when the other side ended."""
    parts = []
    while count > 0:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b''.join(parts)


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def send_frame(descriptor, text):
    data = text.encode()
    write_all(descriptor, struct.pack('<I', len(data)) + data)


def receive_frame(descriptor):
    (length,) = struct.unpack('<I', read_exactly(descriptor, 4))
    if length > VERDICT_LIMIT:
        raise EOFError
    return read_exactly(descriptor, length).decode('utf-8', 'replace')


def confine(keep, settings, cpu_seconds):
    """Leaves a child the given descriptors, on 3 and up, and no way out; returns their new numbers."""
    keep = [os.dup2(descriptor, 100 + index) for index, descriptor in enumerate(keep)]
    keep = [os.dup2(descriptor, 3 + index) for index, descriptor in enumerate(keep)]
    os.closerange(3 + len(keep), 1024)
    nothing = os.open('/dev/null', os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    guard.become_nobody()
    guard.die_with_parent()
    guard.limit_resources(settings['memoryBytes'], cpu_seconds)
    guard.filter_system_calls()
    return keep


def in_child(work):
    """Forks a child that does the work and ends; gives its process id."""
    process = os.fork()
    if process != 0:
        return process
    try:
        work()
        os._exit(0)
    except EOFError:
        os._exit(GONE)
    except BaseException:
        os._exit(1)


def serve_candidate(settings, sizes, ask, answer, cpu_seconds):
    """The candidate's child: its source is the only thing of the task that it ever holds."""
    source = read_exactly(0, sizes[0]).decode('utf-8', 'replace')
    ask, answer = confine([ask, answer], settings, cpu_seconds)
    write_all(answer, b'r')
    served = Candidate(source)
    while True:
        send_frame(answer, served.answer(receive_frame(ask)))


def run_tester(settings, sizes, pipes, work, cpu_seconds):
    """The tests' child: reads its part after the candidate's child has read its own."""
    answer, ask, verdict = pipes
    read_exactly(answer, 1)
    task = json.loads(read_exactly(0, sizes[1]))
    write_all(verdict, b'c')
    answer, ask, verdict = confine([answer, ask, verdict], settings, cpu_seconds)
    started = False

    def exchange(text):
        nonlocal started
        if not started:
            started = True
            write_all(verdict, b's')
        try:
            send_frame(ask, text)
            return receive_frame(answer)
        except OSError:
            raise EOFError from None

    result = work(task, exchange)
    write_all(verdict, json.dumps(result).encode())
    if result['kind'] == 'gone':
        raise EOFError


def run_together(settings, sizes, verdict, evaluating, cpu_seconds):
    """The one child of compat mode."""
    source = read_exactly(0, sizes[0]).decode('utf-8', 'replace')
    task = json.loads(read_exactly(0, sizes[1]))
    write_all(verdict, b'c')
    (verdict,) = confine([verdict], settings, cpu_seconds)
    write_all(verdict, b's')
    result = judge.evaluate(task, Candidate(source).answer) if evaluating else judge.judge_here(task, source)
    write_all(verdict, json.dumps(result).encode())


def cpu_seconds_of(processes):
    """Processor time that children have used together."""
    # The clock of another process, as clock_getcpuclockid makes it.
    return sum(time.clock_gettime((~process << 3) | 2) for process in processes)


class Watch:
    """Collects a verdict while the clock runs."""

    def __init__(self, verdict, limits, children, scratch):
        self.verdict, self.limits, self.children, self.scratch = verdict, limits, children, scratch
        self.data, self.started_at, self.consumed, self.stopped_by = bytearray(), None, False, None
        self.cpu_at_start, self.seen = 0, None

    def collect(self):
        poll = select.poll()
        poll.register(self.verdict, select.POLLIN)
        prepare_until = time.monotonic() + PREPARE_SECONDS
        while True:
            left = prepare_until - time.monotonic() if self.started_at is None else self._left()
            if left <= 0:
                self.stopped_by = 'time' if self.started_at is not None else 'preparation'
                return
            # The kernel bounds the scratch folder only where it is a mount of its own.
            if not poll.poll(1000 * (min(left, 0.05) if self.scratch else left)):
                if self.scratch and _is_full(self.scratch):
                    self.stopped_by = 'disk'
                    return
                continue
            part = os.read(self.verdict, 1 << 20)
            if not part:
                return
            self._take(part)
            if len(self.data) > VERDICT_LIMIT:
                self.stopped_by = 'output'
                return

    def _left(self):
        """Seconds to wait: up to the limit, and on a starved machine until so much processor time is used or the later limit is reached."""
        limit, late_limit = self.limits
        now = time.monotonic()
        passed = now - self.started_at
        if passed < limit:
            return limit - passed
        used = cpu_seconds_of(self.children) - self.cpu_at_start
        if self.seen is None:
            self.seen = (now, used)
        elif now - self.seen[0] >= OVERTIME_WINDOW:
            # A program that waits for nothing but the clock is not starved.
            if used - self.seen[1] < ASLEEP_SHARE * (now - self.seen[0]):
                return 0
            self.seen = (now, used)
        return min(late_limit - passed, limit - used, OVERTIME_WINDOW)

    def _take(self, part):
        if not self.consumed:
            self.consumed, part = part[:1] == b'c', part[1:]
        if self.started_at is None and part[:1] == b's':
            self.started_at, self.cpu_at_start = time.monotonic(), cpu_seconds_of(self.children)
            part = part[1:]
        self.data += part


def _is_full(folder):
    total = entries = 0
    waiting = [(folder, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            with os.scandir(path) as listed:
                for entry in listed:
                    entries += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            pass
        if total > SCRATCH_BYTES or entries > SCRATCH_ENTRIES or depth > SCRATCH_DEPTH:
            return True
    return False


def reap(process, grace_seconds):
    """Ends a child and tells how it had ended, or that it had not."""
    until = time.monotonic() + grace_seconds
    while True:
        ended, status, usage = os.wait4(process, os.WNOHANG)
        if ended or time.monotonic() >= until:
            break
        time.sleep(0.0002)
    alive = not ended
    if alive:
        os.kill(process, signal.SIGKILL)
        _, status, usage = os.wait4(process, 0)
    return {
        'alive': alive,
        'signal': os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        'exit': os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        'peakBytes': usage.ru_maxrss * 1024,
    }


def run(settings, mode, limits, sizes):
    """One task from fork to verdict; gives the report and the verdict's bytes."""
    cpu_seconds = int(limits[0]) + PREPARE_SECONDS
    start = time.monotonic()
    verdict_read, verdict_write = os.pipe()
    if mode & COMPAT:
        evaluating = bool(mode & EVALUATE)
        children = [in_child(lambda: run_together(settings, sizes, verdict_write, evaluating, cpu_seconds))]
    else:
        ask_read, ask_write = os.pipe()
        answer_read, answer_write = os.pipe()
        pipes = (answer_read, ask_write, verdict_write)
        work = judge.evaluate if mode & EVALUATE else judge.judge
        children = [
            in_child(lambda: serve_candidate(settings, sizes, ask_read, answer_write, cpu_seconds)),
            in_child(lambda: run_tester(settings, sizes, pipes, work, cpu_seconds)),
        ]
        for descriptor in (ask_read, ask_write, answer_read, answer_write):
            os.close(descriptor)
    os.close(verdict_write)
    watch = Watch(verdict_read, limits, children, settings['scratch'] if settings['watchScratch'] else None)
    watch.collect()
    ended = time.monotonic()
    os.close(verdict_read)
    # A child that ended by itself is not yet reaped when its pipe closes; one that is still asked for more never ends.
    unasked = watch.stopped_by is None and (mode & COMPAT or not watch.data or b'"gone"' in watch.data[:100])
    endings = [reap(process, 0.05 if unasked else 0) for process in children]
    report = {
        'wallMs': 1000 * (ended - (watch.started_at or start)),
        'stoppedBy': watch.stopped_by,
        'inStep': watch.consumed,
        'children': endings,
    }
    return report, bytes(watch.data)


def clear(folder):
    """Empties the scratch folder; raises OSError when something resists."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def main():
    settings = json.loads(sys.argv[1])
    os.umask(0o077)
    os.chdir(settings['scratch'])
    guard.own(settings['scratch'])
    guard.no_new_privileges()
    guard.die_with_parent()
    if settings['landlock']:
        guard.restrict_files(settings['readable'], [settings['scratch'], '/dev/null'])
    gc.collect()
    gc.freeze()
    hello = {'python': '.'.join(map(str, sys.version_info[:3]))}
    send_frame(1, json.dumps(hello))
    while True:
        try:
            mode, limit_ms, late_limit_ms, *sizes = struct.unpack('<5I', read_exactly(0, 20))
        except EOFError:
            return
        report, verdict = run(settings, mode, (limit_ms / 1000, late_limit_ms / 1000), sizes)
        text = json.dumps(report).encode()
        write_all(1, struct.pack('<2I', len(text), len(verdict)) + text + verdict)
        if not report['inStep']:
            return
        clear(settings['scratch'])


if __name__ == '__main__':
    try:
        main()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)
