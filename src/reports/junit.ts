import type { GateOutcome } from '../diagnosis/gate/run-gate.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as an XML attribute or content: marked characters as entities, characters that XML 1.0 does not have left out. */
const escaped = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- these are what XML 1.0 cannot hold
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** A gate's outcome in JUnit's XML: one test case a check, as CI systems read it. */
export function formatJunit({ runId, checks }: GateOutcome): string {
  const failures = checks.filter((check) => !check.passed).length;
  const cases = checks.flatMap(({ id, passed, explanation }) => {
    const open = `    <testcase classname="qwen-eval.gate" name="${escaped(id)}" time="0"`;
    return passed
      ? [`${open}/>`]
      : [`${open}>`, `      <failure message="${escaped(explanation)}"/>`, '    </testcase>'];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${checks.length}" failures="${failures}">`,
    `  <testsuite name="qwen-eval gate ${escaped(runId)}" tests="${checks.length}" failures="${failures}" errors="0" skipped="0" time="0">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
