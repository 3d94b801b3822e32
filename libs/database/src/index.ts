export * from './bridge-migrations.js';
export * from './data-source.js';
export * from './live-events.js';
export * from './provision.js';
