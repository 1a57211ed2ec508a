import { formatImport } from './format-import.ts';
import { importLog } from './import-log.ts';
import type { ImportedLog } from './imported-log.ts';
import type { ImportOutcome, ImportRequest } from './importer.ts';
import type { ImportReport } from './import-report.ts';

/** Imports logs one after the other, each read only when its turn comes. */
export async function importLogs(
  logs: readonly (() => ImportedLog | Promise<ImportedLog>)[],
  request: ImportRequest,
): Promise<ImportOutcome> {
  const reports: ImportReport[] = [];
  for (const read of logs) reports.push(await importLog(await read(), request));
  return {
    runs: reports.map(({ runId }) => runId),
    records: reports.reduce((sum, { records }) => sum + records, 0),
    findings: reports.flatMap(({ findings }) => findings),
    details: { reports: reports.map(withoutFindings) },
    text: reports.map(formatImport).join('\n\n'),
  };
}

/** Findings of all imports stand together in the command's document. */
const withoutFindings = ({ runId, tool, version, model, records, tasks }: ImportReport) => ({
  runId,
  tool,
  version,
  model,
  records,
  tasks,
});
