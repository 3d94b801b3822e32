/** Import cycles, also of types. Who may import whom between projects is checked by ESLint (`depConstraints`). */
export default {
  forbidden: [{ name: 'no-import-cycles', severity: 'error', from: {}, to: { circular: true } }],
  options: {
    // Imports of types count too; `swc` and `tsc` would remove them.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      conditionNames: ['@reunite/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
