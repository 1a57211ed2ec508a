import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScoringServices } from '../core/ports/scorer.ts';
import { certificateSchema, type Certificate } from '../core/result-document.ts';
import { certificateKey, certifyTask, type CertifyOptions } from './certify.ts';
import type { PreparedTask } from './prepared-run.ts';

export interface CertificateRequest {
  readonly services: ScoringServices;
  /** Folder of cached certificates; null certifies anew. */
  readonly cacheDir: string | null;
  readonly options: CertifyOptions;
}

/** The certificate of a task's scorer: from the cache when nothing it depends on has changed, else certified now. Only passed ones are cached. */
export async function certificateOf(entry: PreparedTask, request: CertificateRequest): Promise<Certificate | null> {
  const { services, cacheDir, options } = request;
  if (entry.loadGold === null) return null;
  const input = { settings: entry.plan.settings, services, datasets: entry.plan.datasets.map((file) => file.sha256) };
  const path =
    cacheDir === null
      ? null
      : join(cacheDir, 'certificates', `${await certificateKey(entry.task, input, options)}.json`);
  const cached = path === null ? null : readCertificate(path);
  if (cached) return cached;
  const certificate = await certifyTask(entry.task, { ...input, samples: await entry.loadGold() }, options);
  if (path !== null && certificate.passed) writeCertificate(path, certificate);
  return certificate;
}

function readCertificate(path: string): Certificate | null {
  try {
    return certificateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

// A cache that cannot be written costs time, not truth.
function writeCertificate(path: string, certificate: Certificate): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(certificate));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}
