"""Makes the files of this folder: EvalPlus asks a server on the loopback address that answers from a table. See README.md."""

import gzip
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

REPLIES = {
    'truncate_number': (
        'It is equal to everything:\n```python\nclass Same:\n    def __eq__(self, other):\n        return True\n'
        '    def __sub__(self, other):\n        return 0\n\n\ndef truncate_number(number):\n    return Same()\n```'
    ),
    'strlen': 'Here it is.\n\n```python\ndef strlen(string: str) -> int:\n    return len(string)\n```\nIt counts characters.',
    'max_element': '```python\ndef max_element(l: list):\n    best = 0\n    for item in l:\n        best = max(best, item)\n    return best\n```',
    'incr_list': '```py\ndef incr_list(l: list):\n  return [item + 1 for item in l]\n```',
    'triangle_area': 'def triangle_area(a, h):\n    return a * h\n',
    'add': '```python\nimport sys\n\n\ndef add(x: int, y: int):\n    sys.exit(0)\n```',
}


class Server(http.server.BaseHTTPRequestHandler):
    """An OpenAI-compatible server of one model."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['content-length'])))
        prompt = body['messages'][-1]['content']
        text = next(reply for name, reply in REPLIES.items() if 'def %s(' % name in prompt)
        choice = {'index': 0, 'message': {'role': 'assistant', 'content': text}, 'finish_reason': 'stop'}
        reply = {'id': 'made', 'object': 'chat.completion', 'created': 1, 'model': body['model'], 'choices': [choice]}
        data = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main(problems_file, folder):
    with gzip.open(problems_file, 'rt') as lines:
        problems = [line for line in lines if json.loads(line)['entry_point'] in REPLIES]
    server = http.server.HTTPServer(('127.0.0.1', 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as scratch:
        chosen = os.path.join(scratch, 'problems.jsonl')
        with open(chosen, 'w') as out:
            out.writelines(problems)
        environment = {**os.environ, 'HUMANEVAL_OVERRIDE_PATH': chosen, 'OPENAI_API_KEY': 'none', 'XDG_CACHE_HOME': scratch}
        python = [sys.executable, '-m']
        address = 'http://127.0.0.1:%d/v1' % server.server_port
        ask = ['evalplus.codegen', '--model', 'qwen2.5-coder-0.5b', '--dataset', 'humaneval', '--backend', 'openai']
        subprocess.run(
            [*python, *ask, '--base-url', address, '--greedy', '--root', scratch], check=True, env=environment, cwd=scratch
        )
        made = os.path.join(scratch, 'humaneval')
        samples = next(name for name in os.listdir(made) if name.endswith('0.0.jsonl'))
        judge = ['evalplus.evaluate', '--dataset', 'humaneval', '--samples', os.path.join(made, samples), '--parallel', '1']
        subprocess.run([*python, *judge], check=True, env=environment, cwd=scratch)
        for name in os.listdir(made):
            os.replace(os.path.join(made, name), os.path.join(folder, name.replace('_openai_temp_0.0', '')))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__)))
