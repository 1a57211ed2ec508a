import { createServer } from 'node:net';
import { QwenEvalError } from '../../../core/errors.ts';
import { listeners } from './port-listeners.ts';

/** A port that nothing listens on: the given one, or one that the system chooses. Throws E_ENGINE_START when the given one is taken, naming the process where it can be seen. */
export async function claimPort(host: string, port: number | null): Promise<number> {
  try {
    return await tryPort(host, port ?? 0);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const owner = code === 'EADDRINUSE' && port !== null ? ownerOf(port) : '';
    throw new QwenEvalError(
      'E_ENGINE_START',
      code === 'EADDRINUSE' ? `port ${port} is taken${owner}` : `port ${port} of ${host} cannot be used: ${message}`,
      {
        hint: 'end what runs there, name another one ({"port": …} in --engine-options), or leave it out to get a free one',
        cause: error,
      },
    );
  }
}

function ownerOf(port: number): string {
  const ids = listeners(port)?.flatMap(({ owners }) => owners) ?? [];
  return ids.length === 0 ? '' : ` by process ${[...new Set(ids)].join(', ')}`;
}

const tryPort = (host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(got));
    });
  });
