import type { RunEvent } from '../core/run-event.ts';
import type { RunMemory } from '../core/run-memory.ts';
import { formatMemory } from '../text/system-lines.ts';

/** Says before the first request whether the model has room; null where nothing is known of it. */
export function memoryNotice(memory: RunMemory | undefined): (RunEvent & { kind: 'notice' }) | null {
  if (memory === undefined || 'unavailable' in memory.estimate || 'unavailable' in memory.fit) return null;
  const { fit } = memory;
  return { kind: 'notice', level: fit.fits ? 'info' : 'warning', message: formatMemory(memory) };
}
