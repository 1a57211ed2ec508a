import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxSettings, SandboxVerdict } from '../../src/core/ports/sandbox.ts';
import { commandsWith } from '../support/descendant-processes.ts';
import {
  cleanStateProgram,
  honestSquare,
  hostileEntryPoint,
  hostilePrograms,
  squareTests,
  type HostileProgram,
} from '../support/hostile-programs.ts';
import { sandboxProgram, sandboxSettings } from './sandbox.contract.ts';

const secret = `secret-${Math.trunc(Number(process.hrtime.bigint() % 1_000_000_007n))}`;

interface Attack {
  readonly id: string;
  readonly verdict: SandboxVerdict;
  readonly next: SandboxVerdict;
}

/** Hostile programs against a sandbox: no forged verdict in strict mode, no effect outside in either, and the next honest program passes. */
export function hostileContract(title: string, open: (settings: SandboxSettings) => Promise<Sandbox>): void {
  describe.each(['strict', 'compat'] as const)(`${title}, %s, against hostile programs`, (mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'qe-hostile-'));
    const secretFile = join(folder, 'secret');
    const marker = join(folder, 'marker');
    const sleepSeconds = 1_000_000 + (Number(process.hrtime.bigint() % 899_999n) + 1);
    let connections = 0;
    let server: Server;
    let sandbox: Sandbox;
    let programs: ReturnType<typeof hostilePrograms>;

    beforeAll(async () => {
      chmodSync(folder, 0o777);
      writeFileSync(secretFile, secret, { mode: 0o666 });
      process.env['QE_HOSTILE_SECRET'] = secret;
      server = createServer((socket) => {
        connections++;
        socket.destroy();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      programs = hostilePrograms({ secretFile, marker, port, sleepSeconds });
      sandbox = await open(sandboxSettings(mode, 2));
    });
    afterAll(async () => {
      await sandbox.close();
      server.close();
      delete process.env['QE_HOSTILE_SECRET'];
      rmSync(folder, { recursive: true, force: true });
    });

    const attack = async (target: Sandbox, program: HostileProgram): Promise<Attack> => {
      const verdict = await target.run(
        sandboxProgram(program.candidate, program.tests ?? squareTests, {
          id: program.id,
          entryPoint: hostileEntryPoint,
          timeLimitMs: program.timeLimitMs ?? 1500,
        }),
      );
      const next = await target.run(sandboxProgram(honestSquare, squareTests, { entryPoint: hostileEntryPoint }));
      return { id: program.id, verdict, next };
    };

    /** Two at a time, each followed by an honest program. */
    const attackAll = async (list: readonly HostileProgram[]): Promise<readonly Attack[]> => {
      const left = [...list];
      const done: Attack[] = [];
      const work = async (): Promise<void> => {
        for (let program = left.shift(); program; program = left.shift()) done.push(await attack(sandbox, program));
      };
      await Promise.all([work(), work()]);
      return done;
    };

    const expectHeld = (attacks: readonly Attack[]): void => {
      const shown = ({ id, verdict }: Attack): string =>
        `${id}: ${verdict.kind} ${verdict.error ?? ''} ${verdict.detail ?? ''}`;
      // One interpreter for both cannot keep its own verdict from the program: that is what strict mode is for.
      if (mode === 'strict') {
        expect(attacks.filter(({ verdict }) => verdict.kind === 'passed').map(shown)).toEqual([]);
        expect(attacks.filter(({ verdict }) => verdict.kind === 'fault').map(shown)).toEqual([]);
      }
      expect(attacks.filter(({ verdict }) => JSON.stringify(verdict).includes(secret)).map(shown)).toEqual([]);
      expect(attacks.filter(({ next }) => next.kind !== 'passed').map(({ id, next }) => [id, next])).toEqual([]);
      expect(existsSync(marker)).toBe(false);
      expect(readFileSync(secretFile, 'utf8')).toBe(secret);
      expect(connections).toBe(0);
      expect(commandsWith(`sleep\0${sleepSeconds}`)).toEqual([]);
    };

    it('has at least 60 programs of its own', () => {
      const all = Object.values(programs).flat();
      expect(all.length).toBeGreaterThanOrEqual(60);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    });

    it('does not believe a forged verdict', async () => expectHeld(await attackAll(programs.forgeries)), 180_000);

    it('lets nothing out', async () => {
      const { mode: rights, mtimeMs } = statSync(secretFile);
      expectHeld(await attackAll(programs.escapes));
      expect(statSync(secretFile)).toMatchObject({ mode: rights, mtimeMs });
    }, 180_000);

    it('survives what uses everything up', async () => expectHeld(await attackAll(programs.bombs)), 300_000);

    it('keeps nothing of what a program leaves', async () => {
      const single = await open(sandboxSettings(mode, 1));
      try {
        const attacks: Attack[] = [];
        for (const program of programs.leavers) {
          const { verdict } = await attack(single, program);
          const next = await single.run(
            sandboxProgram(cleanStateProgram.candidate, cleanStateProgram.tests, { entryPoint: hostileEntryPoint }),
          );
          attacks.push({ id: program.id, verdict, next });
        }
        expect(attacks.filter(({ next }) => next.kind !== 'passed').map(({ id, next }) => [id, next])).toEqual([]);
      } finally {
        await single.close();
      }
    }, 180_000);
  });
}
