"""Makes the logs of this folder: Inspect asks a server on the loopback address that answers from a table. See README.md."""

import glob
import http.server
import json
import os
import sys
import threading

from inspect_ai import Epochs, Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import choice, match
from inspect_ai.solver import generate, multiple_choice

# Made up for these logs; each question with what the server says in turn.
NUMBERS = [
    ('A crate holds 12 bottles. How many bottles are in 7 crates?', '84', ['7 x 12 = 84.\n\nThe answer is 84.', '\\boxed{84}']),
    (
        'A tank holds 123456 drops and one drop is added. How many drops are in it?',
        '123457',
        ['There are 123456 drops.', 'That makes 123457 drops.'],
    ),
    ('Ann has 5 pens and loses 2. How many are left?', '3', ['She has $$\n\\boxed{3}\n$$', '<think>5 - 2 is 3.</think>She has 3.']),
]
CHOICES = [
    ('Which of these is a prime?', ['4', '7', '9', '15'], 'B', ['ANSWER: B']),
    ('Which word is a verb?', ['table', 'green', 'run'], 'C', ['The verb is **C**.']),
    ('Which month has 28 days in most years?', ['March', 'February'], 'B', ['ANSWER: A']),
]


class Server(http.server.BaseHTTPRequestHandler):
    """An OpenAI-compatible server of one model."""

    asked = {}

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['content-length'])))
        prompt = body['messages'][-1]['content']
        question, *_, replies = next(row for row in NUMBERS + CHOICES if row[0] in prompt)
        turn = Server.asked[question] = Server.asked.get(question, -1) + 1
        reply = {
            'id': 'made',
            'object': 'chat.completion',
            'created': 1790000000,
            'model': body['model'],
            'choices': [
                {
                    'index': 0,
                    'message': {'role': 'assistant', 'content': replies[turn % len(replies)]},
                    'finish_reason': 'stop',
                }
            ],
            'usage': {'prompt_tokens': 40, 'completion_tokens': 12, 'total_tokens': 52},
        }
        data = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main(folder):
    server = http.server.HTTPServer(('127.0.0.1', 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ['LOOP_API_KEY'] = 'none'
    os.environ['LOOP_BASE_URL'] = 'http://127.0.0.1:%d/v1' % server.server_port
    numbers = Task(
        name='crates',
        dataset=MemoryDataset([Sample(input=question, target=gold) for question, gold, _ in NUMBERS]),
        solver=[generate()],
        scorer=match(numeric=True),
        epochs=Epochs(2, 'mean'),
    )
    choices = Task(
        name='picks',
        dataset=MemoryDataset([Sample(input=q, choices=options, target=gold) for q, options, gold, _ in CHOICES]),
        solver=[multiple_choice()],
        scorer=choice(),
    )
    for task in (numbers, choices):
        Server.asked.clear()
        eval(
            task,
            model='openai-api/loop/qwen2.5-0.5b-instruct',
            log_dir=folder,
            log_format='eval',
            display='none',
            max_connections=1,
            temperature=0,
            max_tokens=64,
        )
    for path in glob.glob(os.path.join(folder, '*_*_*.eval')):
        os.replace(path, os.path.join(folder, path.split('_')[-2] + '.eval'))


if __name__ == '__main__':
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
