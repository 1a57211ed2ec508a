import { expect, it } from 'vitest';
import { defaultHubEndpoint, hfCacheDirOf, hubFileUrl } from './hub-location.ts';

const file = {
  repository: 'org/set',
  kind: 'dataset',
  revision: 'refs/convert/parquet',
  path: 'a b/c#1.parquet',
} as const;

it('keeps the path of a mirror and encodes what is not plain', () => {
  expect(hubFileUrl('https://mirror.example/hf/', file).href).toBe(
    'https://mirror.example/hf/datasets/org/set/resolve/refs%2Fconvert%2Fparquet/a%20b/c%231.parquet',
  );
  expect(hubFileUrl(defaultHubEndpoint, { ...file, repository: 'gpt2', kind: 'model', revision: 'main' }).href).toBe(
    'https://huggingface.co/gpt2/resolve/main/a%20b/c%231.parquet',
  );
});

it.each([
  [{ HF_HUB_CACHE: '/a', HF_HOME: '/b' }, '/a'],
  [{ HF_HOME: '/b', XDG_CACHE_HOME: '/c' }, '/b/hub'],
  [{ XDG_CACHE_HOME: '/c' }, '/c/huggingface/hub'],
  [{ HF_HOME: '' }, '/home/x/.cache/huggingface/hub'],
])('finds the shared cache where the Hugging Face libraries do (%j)', (environment, expected) => {
  expect(hfCacheDirOf(environment, '/home/x')).toBe(expected);
});
