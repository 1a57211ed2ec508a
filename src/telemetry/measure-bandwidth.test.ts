import { expect, it } from 'vitest';
import { measureBandwidth } from './measure-bandwidth.ts';

it('measures what memory moves, in bytes a second', async () => {
  const bandwidth = await measureBandwidth();
  // From a starved virtual machine to the largest server.
  expect(bandwidth).toBeGreaterThan(1e8);
  expect(bandwidth).toBeLessThan(3e12);
});
