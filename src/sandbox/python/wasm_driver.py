"""Entry points for an interpreter inside WebAssembly: the host calls one with a text and gets a text."""

import json
import os

import judge
from candidate import Candidate

# What programs import most; it is part of the memory snapshot.
import bisect, cmath, collections, copy, ctypes, dataclasses, datetime, decimal, enum, fractions, functools  # noqa: E401, F401
import hashlib, heapq, itertools, math, operator, queue, random, re, statistics, string, threading, typing  # noqa: E401, F401

# No file: the host answers on this descriptor, to the tester's interpreter only.
CHANNEL = 900
NO_ANSWER = 0xFFFFFFFF
# Takes the length and all of most answers.
FIRST_READ = 4096

_served = None


def load(source):
    """Takes a candidate's source; it runs when the tester asks."""
    global _served
    _served = Candidate(source)
    return ''


def answer(text):
    """The candidate's reply to one request."""
    return _served.answer(text)


def exchange(text):
    """One question to the candidate through the host; raises EOFError when there is no answer."""
    question = text.encode()
    written = os.write(CHANNEL, question)
    while written < len(question):
        written += os.write(CHANNEL, memoryview(question)[written:])
    answer = os.read(CHANNEL, FIRST_READ)
    length = int.from_bytes(answer[:4], 'little')
    if length == NO_ANSWER:
        raise EOFError
    if len(answer) < 4 + length:
        parts = [answer]
        missing = 4 + length - len(answer)
        while missing > 0:
            parts.append(os.read(CHANNEL, missing))
            missing -= len(parts[-1])
        answer = b''.join(parts)
    return answer[4:].decode('utf-8', 'replace')


def run_judge(text):
    """Strict mode: the verdict on the candidate behind the channel."""
    return json.dumps(judge.judge(json.loads(text), exchange))


def run_evaluate(text):
    """Strict mode: the calls of the candidate behind the channel."""
    return json.dumps(judge.evaluate(json.loads(text), exchange))


def judge_here(text):
    """Compat mode: the verdict on the loaded source in this interpreter."""
    return json.dumps(judge.judge_here(json.loads(text), _served.source))


def evaluate_here(text):
    """Compat mode: the calls of the loaded source in this interpreter."""
    return json.dumps(judge.evaluate(json.loads(text), _served.answer))
