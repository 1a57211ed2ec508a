// Preloaded into a measured program: writes its CPU time and peak memory to the file that QE_BENCH_USAGE names when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.QE_BENCH_USAGE,
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssBytes: maxRSS * 1024 }),
  );
});
