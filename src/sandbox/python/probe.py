"""Tells as JSON what this interpreter and kernel offer for confinement."""

import json
import platform
import sys

facts = {'version': '.'.join(map(str, sys.version_info[:3])), 'machine': platform.machine(), 'landlock': 0, 'problem': None}
if sys.version_info < (3, 9):
    facts['problem'] = 'it is older than 3.9'
else:
    try:
        import os

        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        import guard

        facts['landlock'] = guard.landlock_version()
        if facts['machine'] not in guard.MACHINES:
            facts['problem'] = 'there is no system call table for %s' % facts['machine']
    except ImportError as error:
        facts['problem'] = str(error)
print(json.dumps(facts))
