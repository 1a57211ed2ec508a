import { expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData } from '../../test/support/shared-data.ts';
import { certifyTask } from '../runner/certify.ts';
import gsm8k from './gsm8k.ts';

describeWithData('gsm8k on the real file', () => {
  it('certifies on all gold', async () => {
    const settings = settingsOf(gsm8k);
    const samples = await loadTaskSamples(gsm8k, settings);
    expect(samples).toHaveLength(1319);
    const certificate = await certifyTask(
      gsm8k,
      { samples, settings, services: { sandbox: null, judge: null }, datasets: [] },
      { scope: 'full' },
    );
    expect(certificate).toMatchObject({ passed: true, failures: [], excluded: [] });
    expect(certificate.gold.total).toBeGreaterThan(1319 * 12);
    expect(certificate.wrong.total).toBeGreaterThan(1319 * 12);
  });

  it('asks as Qwen says, with worked examples as turns', async () => {
    const settings = settingsOf(gsm8k, { fewShot: 2 });
    const [first] = await loadTaskSamples(gsm8k, settings);
    if (first === undefined) throw new Error('no samples');
    const prompt = gsm8k.render(first, settings);
    expect(prompt).toMatchInlineSnapshot(`
      {
        "kind": "chat",
        "messages": [
          {
            "content": "Amy, Jeremy, and Chris have a combined age of 132.  Amy is 1/3 the age of Jeremy, and Chris is twice as old as Amy.  How old is Jeremy?
      Please reason step by step, and put your final answer within \\boxed{}.",
            "role": "user",
          },
          {
            "content": "Let x represent the age of Jeremy
      Amy:(1/3)x
      Chris:2(1/3)x=(2/3)x
      Total:x+(1/3)x+(2/3)x=132
      2x=132
      x=66 years old

      The final answer is $\\boxed{66}$.",
            "role": "assistant",
          },
          {
            "content": "Jessica wrote a long letter to her aunt and needed to put stamps on it to mail it. She used eight pieces of paper that weigh 1/5 of an ounce each, and her envelope weighs 2/5 of an ounce. She needed one stamp per ounce. How many stamps did Jessica need to mail her letter?
      Please reason step by step, and put your final answer within \\boxed{}.",
            "role": "user",
          },
          {
            "content": "Jessica’s papers weigh 8 * 1/5 = 8/5 ounces.
      The papers in the envelope weigh 8/5 + 2/5 = 10/5 = 2 ounces.
      Thus, Jessica needs 2 * 1 = 2 stamps to mail her letter.

      The final answer is $\\boxed{2}$.",
            "role": "assistant",
          },
          {
            "content": "Janet’s ducks lay 16 eggs per day. She eats three for breakfast every morning and bakes muffins for her friends every day with four. She sells the remainder at the farmers' market daily for $2 per fresh duck egg. How much in dollars does she make every day at the farmers' market?
      Please reason step by step, and put your final answer within \\boxed{}.",
            "role": "user",
          },
        ],
      }
    `);
  });
});
