import { QwenEvalError } from '../../core/errors.ts';
import type { Capability } from '../../core/ports/engine.ts';

/** Throws E_CAPABILITY with the reason when a capability is not supported; `action` says what was asked of which engine. */
export function requireCapability(action: string, capability: Capability): void {
  if (capability.supported) return;
  throw new QwenEvalError('E_CAPABILITY', `${action} is not possible: ${capability.reason}`, {
    hint: 'qwen-eval list engines shows what each engine can do.',
  });
}
