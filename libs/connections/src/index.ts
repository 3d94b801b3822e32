export * from './app-manifest.rules.js';
export * from './connection.entity.js';
export * from './installation.entity.js';
