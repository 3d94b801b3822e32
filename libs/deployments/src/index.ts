export * from './commit-status.entity.js';
export * from './deployment-log.entity.js';
export * from './deployment.entity.js';
export * from './preview-url.rules.js';
export * from './project.entity.js';
