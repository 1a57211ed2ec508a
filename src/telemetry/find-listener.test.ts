import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { platform } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findListener } from './find-listener.ts';

describe('findListener', () => {
  it.skipIf(platform() !== 'linux')('finds the process that listens on a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await findListener(port, 'linux')).toMatchObject({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(await findListener(port, 'linux')).toBe(`no process of this machine listens on port ${port}`);
  });

  it('says that other systems are not asked', async () => {
    expect(await findListener(80, 'darwin')).toContain('Linux only');
  });
});
