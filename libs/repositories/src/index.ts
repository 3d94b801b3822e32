export * from './git-ref.entity.js';
export * from './pull-request.entity.js';
export * from './ref-name.rules.js';
export * from './repository.entity.js';
