import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: '.vitest',
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/stats/**', 'src/text/**', 'src/scorers/**', 'src/diagnosis/**'],
      exclude: ['**/*.test.ts'],
      thresholds: { branches: 95 },
    },
  },
});
