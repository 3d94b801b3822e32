export { BuildFailedError } from './build-failed.error.js';
export { defaultBuildLimits, type BuildLimits } from './build-limits.js';
export { buildSite, builtInSiteBuilder } from './build-site.js';
export { contentSecurityPolicyFor } from './output/content-security.rules.js';
export type { Failure, FailureCode, LogPlace, Problem, Warning, WarningCode } from './problem.js';
export type {
  BuildInput,
  BuildResult,
  FileMode,
  OutputFile,
  SiteBuilder,
  SourceFile,
  WriteFile,
} from './site-builder.js';
export { contentTypeOf } from './source/content-type.rules.js';
