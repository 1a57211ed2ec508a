import {
  inspectLog,
  inspectHeaderSchema,
  inspectLogSchema,
  inspectSampleSchema,
  startSchema,
} from './support/inspect-log.ts';
import { importLogs } from './support/import-logs.ts';
import type { ImportedLog } from './support/imported-log.ts';
import { defineImporter } from './support/importer.ts';
import { invalidLog, readLogFile, readLogJson, type LogFile } from './support/read-log.ts';
import { ZipArchive } from './support/zip-archive.ts';

/** A log as one JSON document. */
function readDocument(file: LogFile): ImportedLog {
  const log = readLogJson(file, inspectLogSchema);
  return inspectLog(file, { header: log, samples: log.samples.map((sample) => ({ sample, where: file.path })) });
}

/** A log as an archive: the header that ends it, or where it was cut off the one that began it, and a member for each sample. */
function readArchive(file: LogFile): ImportedLog {
  const archive = new ZipArchive(file.bytes, file.path);
  const member = (name: string): LogFile => ({ ...file, path: `${name} in ${file.path}`, bytes: archive.read(name) });
  const header = archive.has('header.json')
    ? readLogJson(member('header.json'), inspectHeaderSchema)
    : archive.has('_journal/start.json')
      ? { ...readLogJson(member('_journal/start.json'), startSchema), status: 'started' }
      : null;
  if (header === null) throw invalidLog(file.path, 'is no log of Inspect: it has no header.json');
  const samples = archive.names
    .filter((name) => /^samples\/.+\.json$/.test(name))
    .map((name) => ({ sample: readLogJson(member(name), inspectSampleSchema), where: `${name} in ${file.path}` }));
  return inspectLog(file, { header, samples });
}

export default defineImporter({
  id: 'inspect',
  title: 'logs of Inspect, .eval or .json',
  recognises: ({ path, head }) =>
    (path.endsWith('.eval') && head.startsWith('PK')) ||
    (path.endsWith('.json') &&
      /^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:\s*"[a-z]+"\s*,\s*"eval"\s*:/.test(head)),
  run: (request) =>
    importLogs(
      request.files.map((path) => () => (path.endsWith('.eval') ? readArchive : readDocument)(readLogFile(path))),
      request,
    ),
});
