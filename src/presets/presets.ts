/** A named set of deployment settings; `resolve-preset.ts` turns it into what an engine is started with. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Share of the accelerator's memory an engine may take, in (0,1]. */
  readonly gpuMemoryFraction: number;
  /** Most sequences decoded together. */
  readonly sequences: number;
  /** The tracker's evaluation batch: requests in flight at the start. Never an engine batch size. */
  readonly evaluationBatch: number;
  readonly prefixCaching: boolean;
  /** Context in tokens, prompt and output together. */
  readonly maxModelLen: number;
  /** Quantisation of the weights; null is the model's own. */
  readonly quantization: string | null;
  /** Temperature of agent tasks, unless the family's guidance for the mode says otherwise. */
  readonly agentTemperature: number;
}

/** The tracker's three presets. */
export const presets: readonly Preset[] = [
  {
    id: 'performance',
    title: 'most throughput',
    gpuMemoryFraction: 0.9,
    sequences: 128,
    evaluationBatch: 16,
    prefixCaching: true,
    maxModelLen: 32_768,
    quantization: null,
    agentTemperature: 0.1,
  },
  {
    id: 'balanced',
    title: 'speed and memory in balance (default)',
    gpuMemoryFraction: 0.85,
    sequences: 64,
    evaluationBatch: 8,
    prefixCaching: true,
    maxModelLen: 32_768,
    quantization: null,
    agentTemperature: 0.1,
  },
  {
    id: 'memory_optimized',
    title: 'smallest memory footprint',
    gpuMemoryFraction: 0.7,
    sequences: 32,
    evaluationBatch: 4,
    prefixCaching: false,
    maxModelLen: 32_768,
    quantization: null,
    agentTemperature: 0.1,
  },
];
