import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/**
 * Allowed imports. `type:` is the kind of a project, `scope:` the process it belongs to. The table is the map of
 * docs/architecture.md; a forbidden import fails `npm run check`.
 */
const depConstraints = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:domain', 'type:data', 'type:infra', 'type:rules'],
  },
  {
    sourceTag: 'type:domain',
    onlyDependOnLibsWithTags: ['type:domain', 'type:data', 'type:infra', 'type:rules'],
  },
  { sourceTag: 'type:data', onlyDependOnLibsWithTags: ['type:data', 'type:infra', 'type:rules'] },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: ['type:infra', 'type:rules'] },
  {
    sourceTag: 'type:rules',
    onlyDependOnLibsWithTags: ['type:rules'],
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'bullmq', 'ioredis', 'pg', '@octokit/*', 'undici', '@grpc/*'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:testing', 'type:data', 'type:infra', 'type:rules'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:testing', 'type:infra', 'type:rules'] },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:tool', 'type:testing', 'type:data', 'type:infra', 'type:rules'],
  },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:vault', onlyDependOnLibsWithTags: ['scope:vault', 'scope:shared'] },
  { sourceTag: 'scope:ingest', onlyDependOnLibsWithTags: ['scope:ingest', 'scope:shared'] },
  { sourceTag: 'scope:worker', onlyDependOnLibsWithTags: ['scope:worker', 'scope:shared'] },
  { sourceTag: 'scope:api', onlyDependOnLibsWithTags: ['scope:api', 'scope:shared'] },
  { sourceTag: 'scope:console', onlyDependOnLibsWithTags: ['scope:console', 'scope:shared'] },
  { sourceTag: 'scope:preview', onlyDependOnLibsWithTags: ['scope:preview', 'scope:shared'] },
  // The simulator must not share code with what it tests: git's own answers, not ours.
  { sourceTag: 'scope:simulator', onlyDependOnLibsWithTags: ['scope:simulator'] },
  { sourceTag: 'scope:local', onlyDependOnLibsWithTags: ['scope:local', 'scope:shared'] },
];

/** Tests may start real servers, whatever they test. */
const testConstraints = depConstraints.map((constraint) =>
  constraint.sourceTag.startsWith('type:')
    ? { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'type:testing'] }
    : constraint,
);

const boundaries = (constraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    // The tests of `database` run on a server that `testing` provisions with `database`.
    ignoredCircularDependencies: [['database', 'testing']],
    depConstraints: constraints,
  },
];

/** The pure rules of a domain library stay free of frameworks even where their neighbours are not. */
const frameworkImports = {
  patterns: [
    {
      group: ['@nestjs/*', 'typeorm', 'bullmq', 'ioredis', 'pg', '@octokit/*', 'undici', '@grpc/*'],
      message: 'A *.rules.ts file is pure: it imports no framework, no database, no network.',
    },
  ],
};

/** One way to write the same thing. Exceptions are stated where they are, with their reason. */
const dialect = [
  {
    selector: 'ExportAllDeclaration',
    message: 'List the exports: what a library offers is a decision, not an accident.',
  },
  {
    selector: ':matches(PropertyDefinition, MethodDefinition) > PrivateIdentifier',
    message: 'Use `private`; `#` is for values that are secret.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(debug|info|warn|error|fatal)$/]:matches([callee.object.name="logger"], [callee.object.property.name="logger"]) > Literal[value=/^[A-Z]|[.!]$/]',
    message: 'A log message is a fragment in lower case without a full stop; the fields carry the values.',
  },
];
const readonlyProperties = {
  selector: 'TSInterfaceBody > TSPropertySignature[readonly=false]',
  message: 'Properties of interfaces are `readonly`.',
};
const mutableInterfaces = [
  // Tests change the settings of their fakes.
  '**/*.spec.ts',
  '**/*.spec.tsx',
  '**/test/**/*.ts',
  // The state of the simulated server, which its routes change in place.
  'apps/ghes-simulator/src/state/model.ts',
];

const testFiles = ['**/*.spec.ts', '**/*.spec.tsx', '**/test/**/*.ts', 'apps/*-e2e/**/*.ts', 'libs/testing/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/.local/**', '.nx/**', 'coverage/**', '**/generated/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, prettier],
    plugins: { '@nx': nx, regexp },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Nest modules, controllers and TypeORM migrations are classes by the frameworks' design.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      // Nest declares its options as classes and is given literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only apps/*/src/config.ts reads the environment.' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // Servers, repositories and users choose the text that most expressions meet: each has to be linear in its
      // length.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['**/*.rules.ts', '**/*.rules.spec.ts'], rules: { 'no-restricted-imports': ['error', frameworkImports] } },
  {
    files: ['apps/*/src/config.ts', 'tools/**', ...testFiles, 'bench/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tools/**', 'bench/**', 'apps/*-e2e/**', 'apps/*/src/main.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.ts', '**/*.tsx'], rules: { 'no-restricted-syntax': ['error', ...dialect] } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    ignores: mutableInterfaces,
    rules: { 'no-restricted-syntax': ['error', ...dialect, readonlyProperties] },
  },
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: testFiles,
    rules: {
      '@nx/enforce-module-boundaries': boundaries(testConstraints),
      'regexp/no-super-linear-backtracking': 'off',
      'max-lines-per-function': 'off',
      'regexp/no-super-linear-move': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
