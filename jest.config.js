import { availableParallelism } from 'node:os';

/**
 * Three kinds of tests in one run: `unit` (`*.spec.ts`: no I/O), `medium` (`*.medium.spec.ts`: real Postgres, Redis,
 * simulator) and `journey` (`apps/*-e2e`: the whole stack as its user drives it).
 */
// Fastify's CommonJS code requires these ESM-only packages. Jest on Node 20 cannot `require` ESM, so they are
// transformed to CommonJS when Jest loads them.
const esmRequiredFromCommonJs = ['cookie', 'content-type'];

const typescript = { swcrc: true };

const base = {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: '<rootDir>/tools/jest/environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['@reunite/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  resolver: '<rootDir>/tools/jest/resolver.cjs',
  modulePathIgnorePatterns: ['/dist/', '/\\.local/'],
  transform: {
    '^.+\\.tsx?$': ['@swc/jest', typescript],
    [`/node_modules/(${esmRequiredFromCommonJs.join('|')})/.+\\.js$`]: [
      '@swc/jest',
      { swcrc: false, jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmRequiredFromCommonJs.join('|')})/)`],
};

export default {
  testTimeout: 30_000,
  // Most tests wait for servers more than they compute: two at a time halve the run even on two cores. A worker is
  // replaced when the modules of its past suites fill its heap: garbage collection makes a full one many times slower.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  workerIdleMemoryLimit: '600MB',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts', '**/*.spec.tsx'],
      testPathIgnorePatterns: ['\\.medium\\.spec\\.ts$', '-e2e/'],
    },
    { ...base, displayName: 'medium', testMatch: ['**/*.medium.spec.ts'], testPathIgnorePatterns: ['-e2e/'] },
    { ...base, displayName: 'journey', testMatch: ['<rootDir>/apps/*-e2e/**/*.spec.ts'] },
  ],
};
