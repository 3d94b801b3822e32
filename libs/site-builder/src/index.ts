export { BuildFailedError } from './build-failed.error.js';
export { defaultBuildLimits, formatBytes } from './build-limits.js';
export type { BuildLimits } from './build-limits.js';
export { buildSite, builtInSiteBuilder } from './build-site.js';
export { isVersionedAsset } from './assets/site-assets.js';
export { contentSecurityPolicyFor } from './output/content-security.rules.js';
export type { CheckExemptions } from './configuration/publication.rules.js';
export type { LogPlace, Problem } from './problem.js';
export type {
  BuildInput,
  BuildResult,
  FileMode,
  LfsFile,
  PageCache,
  RepositoryFolder,
  ReuseFile,
  SourceFile,
  WriteFile,
} from './site-builder.js';
export { contentTypeOf } from './source/content-type.rules.js';

// For the checks of a site, which must read sources exactly as the builder does.
export { resolveReference } from './links/links.rules.js';
export { parseMarkdown } from './markdown/markdown.parser.js';
export { resolveTags } from './markdown/tag-tree.rules.js';
export { isNamedDescription, readDescription } from './openapi/detect.rules.js';
export type { Description } from './openapi/detect.rules.js';
export { lookUp } from './openapi/references.rules.js';
export { ProblemLog } from './problem-log.js';
export { encodingError, isLfsPointer } from './source/file-content.rules.js';
export { checkExemptionsOf } from './configuration/publication.rules.js';
export { pageAddress, pageFolder, pageOutputPath } from './source/paths.rules.js';
export { takeSnapshot } from './source/snapshot.js';
export type { Snapshot } from './source/snapshot.js';
export { splitFrontMatter } from './syntax/front-matter.rules.js';
export { SourceSyntaxError } from './syntax/source-syntax.error.js';
export { parseJson, parseYaml } from './syntax/yaml.rules.js';
