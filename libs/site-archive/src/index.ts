export { SiteArchive } from './site-archive.js';
export type { ArchivedFile } from './site-archive.js';
export { SiteArchiveWriter } from './site-archive.writer.js';
