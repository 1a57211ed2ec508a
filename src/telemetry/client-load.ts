import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ClientReading } from '../core/telemetry-record.ts';

/** Milliseconds between two looks at the event loop; the delay histogram counts from there. */
const resolutionMs = 10;

/** Measures how busy this process is, between one reading and the next. */
export class ClientLoad {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilization = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #atMs = performance.now();

  constructor() {
    this.#delay.enable();
  }

  /** Readings since the last call; null for what no time has passed for. */
  read(): ClientReading {
    const utilization = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const atMs = performance.now();
    const elapsedMs = atMs - this.#atMs;
    const share = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    const lagMs = this.#delay.percentile(99) / 1e6 - resolutionMs;
    const reading: ClientReading = {
      cpuCores: elapsedMs > 0 ? (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000 / elapsedMs : null,
      rssBytes: process.memoryUsage.rss(),
      eventLoopUtilization: Number.isFinite(share) ? share : null,
      eventLoopLagP99Ms: this.#delay.count > 0 ? Math.max(0, lagMs) : null,
    };
    this.#delay.reset();
    this.#utilization = utilization;
    this.#cpu = cpu;
    this.#atMs = atMs;
    return reading;
  }

  close(): void {
    this.#delay.disable();
  }
}
