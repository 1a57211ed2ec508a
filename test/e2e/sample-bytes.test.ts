import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../tools/sample-digests.mjs', import.meta.url));
const digestsOn = (node: string): readonly string[] =>
  execFileSync(node, [script], { encoding: 'utf8', maxBuffer: 2 ** 20 })
    .trim()
    .split('\n');
/** Other versions of Node, by path; `.ci/run` installs them. */
const otherNodes = (process.env['QE_OTHER_NODES'] ?? '').split(':').filter((node) => node !== '');

describe('the samples of the seeded tasks', () => {
  it('are the bytes that were pinned on Node 20, 22 and 24', () => {
    expect(digestsOn(process.execPath)).toMatchInlineSnapshot(`
      [
        "agent_function_calling pinned 1000 e9c985e0334ed0d3",
        "agent_function_calling fresh 1000 d3548b4c176e61f7",
        "agent_instruction_following pinned 1000 cc9b8241ecec16ed",
        "agent_instruction_following fresh 1000 cdc51934aa6de414",
        "agent_json pinned 1000 6192956fd7a10f90",
        "agent_json fresh 1000 dcc6a08a060e772c",
        "agent_multi_turn pinned 1000 b1f05b870e9dce94",
        "agent_multi_turn fresh 1000 aeb9428481f3a626",
        "agent_reasoning pinned 1000 510a9b58841d197a",
        "agent_reasoning fresh 1000 704cbb8f4fa8be73",
        "agent_tool_use pinned 1000 7642a6694d1d7b7f",
        "agent_tool_use fresh 1000 7c07f328fe8569c5",
        "function_calling_quick pinned 4 7e860a0e6bd41b6d",
        "function_calling_quick fresh 4 5bd93385e63de45c",
        "needle_grid pinned 16 77323781cb4febaa",
        "needle_grid fresh 16 0641eec8446f360a",
        "ruler_single pinned 16 feedf5eba69cc335",
        "ruler_single fresh 16 5d24a6d20b29f58f",
        "ruler_multikey pinned 16 98d5f5a583279363",
        "ruler_multikey fresh 16 0e31f8a85105b1ee",
        "ruler_multivalue pinned 16 65ad49f6a2b816b6",
        "ruler_multivalue fresh 16 5feb8933a6c2c388",
        "ruler_multiquery pinned 16 efe701975da99828",
        "ruler_multiquery fresh 16 c98bad8a18904e6b",
        "ruler_variable_tracing pinned 16 75612dacd9a6cf76",
        "ruler_variable_tracing fresh 16 86d4e06051b49b5b",
        "ruler_common_words pinned 16 e72c1faf530d3416",
        "ruler_common_words fresh 16 47ff26fe7b5d668f",
        "ruler_frequent_words pinned 16 c8880d4396d0c995",
        "ruler_frequent_words fresh 16 82fae19db04d8465",
        "ruler_qa pinned 16 091977a2d5d02044",
        "ruler_qa fresh 16 d047ce645658208e",
        "synthetic_arithmetic pinned 1000 0f458c17330764f6",
        "synthetic_arithmetic fresh 1000 5d5f9988b275ed6c",
        "synthetic_choice pinned 1000 d40407d4c3bb8d42",
        "synthetic_choice fresh 1000 994b729f2f348f1a",
        "synthetic_code pinned 1000 fe2cf761cab6d65c",
        "synthetic_code fresh 1000 95ca742280831bda",
      ]
    `);
  }, 120_000);

  it.skipIf(otherNodes.length === 0)(
    `are the same bytes on other versions of Node${otherNodes.length === 0 ? ' (skipped: QE_OTHER_NODES names none)' : ''}`,
    () => {
      const here = digestsOn(process.execPath);
      for (const node of otherNodes) {
        const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
        expect(version).not.toBe(`${process.version}\n`);
        expect(digestsOn(node), version).toEqual(here);
      }
    },
    300_000,
  );
});
