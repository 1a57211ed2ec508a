import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a program that answers as nvidia-smi does; `QE_FAKE_SMI` names the shape of the answer. */
export const fakeNvidiaSmi = fileURLToPath(new URL('fake-nvidia-smi/nvidia-smi', import.meta.url));

/** A PATH on which nvidia-smi is the fake one. */
export const pathWithFakeNvidiaSmi = [dirname(fakeNvidiaSmi), process.env['PATH'] ?? ''].join(delimiter);
