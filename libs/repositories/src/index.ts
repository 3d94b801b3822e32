export * from './content-sync.js';
export * from './git-ref.entity.js';
export * from './pull-request.entity.js';
export * from './pull-requests.js';
export * from './push.rules.js';
export * from './ref-name.rules.js';
export * from './repository.entity.js';
export * from './wanted-state.js';
