export * from './commit-plan.js';
export * from './commit-request.js';
export * from './content-sync.js';
export * from './git-ref.entity.js';
export * from './push.rules.js';
export * from './ref-name.rules.js';
export * from './repository.entity.js';
export * from './wanted-state.js';
