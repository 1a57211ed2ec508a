import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, isNotable } from '../evidence.ts';
import { registryModelOf } from '../server-advice.ts';

/** Marks of a chat template in the answers: the template in force is not the model's. */
export const templateMismatch = taskVerdict('template_mismatch', ({ run, plan, samples }) => {
  const generated = samples.filter((sample) => !sample.isContinuation);
  const marked = generated.filter((sample) => sample.leaksTemplate);
  if (!isNotable(marked.length, generated.length)) return null;
  const hubId = registryModelOf(run.document)?.hubId ?? run.document.plan.model.name;
  return {
    severity: 'error',
    summary: `${plan.task}: ${countOf(marked.length, generated.length)} answers hold marks of a chat template: the template of the server is not that of the model, or the end of a turn does not stop it`,
    evidence: {
      marked: marked.length,
      answers: generated.length,
      templateSha256: run.document.plan.engine.templateSha256,
      samples: exampleIds(marked),
    },
    advice: `vllm serve ${hubId} --chat-template chat_template.jinja, with the template of the model’s own repository (llama-server: --jinja)`,
  };
});
