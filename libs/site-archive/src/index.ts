export { DamagedFileError } from './damaged-file.error.js';
export { SiteArchive } from './site-archive.js';
export type { ArchivedFile } from './site-archive.js';
export { SiteArchiveWriter } from './site-archive.writer.js';
export { collectPacks } from './site-collection.js';
export type { CollectedPacks } from './site-collection.js';
export { SiteStore } from './site-store.js';
export type { SiteOwner } from './site-store.js';
