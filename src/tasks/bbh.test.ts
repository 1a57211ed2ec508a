import { expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData } from '../../test/support/shared-data.ts';
import { certifyTask } from '../runner/certify.ts';
import bbh from './bbh.ts';

describeWithData('bbh on the real files', () => {
  it('certifies on all gold but the samples that nobody can get right', async () => {
    const settings = settingsOf(bbh);
    const samples = await loadTaskSamples(bbh, settings);
    expect(samples).toHaveLength(6511);
    expect(new Set(samples.map(({ category }) => category)).size).toBe(27);
    const services = { sandbox: null, judge: null };
    const certificate = await certifyTask(bbh, { samples, settings, services, datasets: [] }, { scope: 'full' });
    expect(certificate).toMatchObject({ passed: true, failures: [] });
    expect(certificate.excluded.map(({ sampleId }) => sampleId)).toEqual([
      'movie_recommendation/163',
      'ruin_names/99',
      'ruin_names/144',
      'snarks/86',
      'snarks/88',
    ]);
  });

  it('finds the shape of the answers of each file', async () => {
    const samples = await loadTaskSamples(bbh, settingsOf(bbh));
    const shapes = new Map<string, string>();
    for (const { category, input, fault } of samples) {
      if (fault !== undefined) continue;
      const { shape } = input;
      const said =
        shape.kind === 'option' && (shape.options[0]?.label.length ?? 0) > 1
          ? shape.options.map(({ label }) => label).join('/')
          : shape.kind;
      shapes.set(category ?? '', said);
    }
    expect(Object.fromEntries(shapes)).toMatchInlineSnapshot(`
      {
        "boolean_expressions": "False/True",
        "causal_judgement": "No/Yes",
        "date_understanding": "option",
        "disambiguation_qa": "option",
        "dyck_languages": "brackets",
        "formal_fallacies": "invalid/valid",
        "geometric_shapes": "option",
        "hyperbaton": "option",
        "logical_deduction_five_objects": "option",
        "logical_deduction_seven_objects": "option",
        "logical_deduction_three_objects": "option",
        "movie_recommendation": "option",
        "multistep_arithmetic_two": "number",
        "navigate": "No/Yes",
        "object_counting": "number",
        "penguins_in_a_table": "option",
        "reasoning_about_colored_objects": "option",
        "ruin_names": "option",
        "salient_translation_error_detection": "option",
        "snarks": "option",
        "sports_understanding": "no/yes",
        "temporal_sequences": "option",
        "tracking_shuffled_objects_five_objects": "option",
        "tracking_shuffled_objects_seven_objects": "option",
        "tracking_shuffled_objects_three_objects": "option",
        "web_of_lies": "No/Yes",
        "word_sorting": "words",
      }
    `);
  });
});
