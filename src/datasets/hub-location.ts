import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QwenEvalError } from '../core/errors.ts';
import type { HubLocation } from '../core/ports/dataset.ts';

/** Where the hub is when nobody names a mirror. */
export const defaultHubEndpoint = 'https://huggingface.co';

const segments = (text: string): string[] => text.split('/');
const encodePath = (text: string): string => segments(text).map(encodeURIComponent).join('/');

/** A location becomes part of a path on disk, and a model's may come from the command line. */
function checkLocation({ repository, revision, path }: HubLocation): void {
  const wrong = [repository, revision, path].some(
    (text) => segments(text).some((segment) => ['', '.', '..'].includes(segment)) || /[\\\0]/.test(text),
  );
  if (wrong || segments(repository).length > 2)
    throw new QwenEvalError('E_HUB', `"${repository}" at "${revision}", "${path}" is not a file of a hub repository`, {
      hint: 'write the repository as organisation/name and the file by its path within it',
    });
}

/** The file as messages name it. */
export const hubFileTitle = ({ repository, revision, path }: HubLocation): string =>
  `${repository}/${path} at ${revision}`;

/** Address a file is downloaded from; a mirror's own path is kept. Throws E_HUB for a location that leaves the repository. */
export function hubFileUrl(endpoint: string, location: HubLocation): URL {
  checkLocation(location);
  const { kind, repository, revision, path } = location;
  const prefix = kind === 'dataset' ? 'datasets/' : '';
  const tail = `${prefix}${encodePath(repository)}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`;
  try {
    return new URL(`${endpoint.replace(/\/$/, '')}/${tail}`);
  } catch (cause) {
    throw new QwenEvalError('E_HUB', `"${endpoint}" is not the address of a hub`, {
      hint: 'set HF_ENDPOINT to an address such as https://huggingface.co, or unset it',
      cause,
    });
  }
}

const repositoryFolder = ({ kind, repository }: HubLocation): string => `${kind}s--${segments(repository).join('--')}`;

/** Place of a downloaded file in this program's own cache: models and data lie apart. */
export function ownCachePath(cacheDir: string, location: HubLocation): string {
  checkLocation(location);
  const revision = location.revision.replaceAll('/', '--');
  return join(cacheDir, `${location.kind}s`, repositoryFolder(location), revision, ...segments(location.path));
}

/** Place of a file in the cache that the Hugging Face libraries share, a branch or tag followed to its commit; null when not there. */
export function sharedCachePath(hfCacheDir: string, location: HubLocation): string | null {
  checkLocation(location);
  const folder = join(hfCacheDir, repositoryFolder(location));
  const reference = join(folder, 'refs', ...segments(location.revision));
  const commit = existsSync(reference) ? readFileSync(reference, 'utf8').trim() : location.revision;
  const path = join(folder, 'snapshots', commit, ...segments(location.path));
  return existsSync(path) ? path : null;
}

/** Directory of the cache that the Hugging Face libraries share, as they find it: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, home. */
export function hfCacheDirOf(environment: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  if (environment['HF_HUB_CACHE']) return environment['HF_HUB_CACHE'];
  if (environment['HF_HOME']) return join(environment['HF_HOME'], 'hub');
  return join(environment['XDG_CACHE_HOME'] || join(homeDir, '.cache'), 'huggingface', 'hub');
}
