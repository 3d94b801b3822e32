import { getLineColLocation, lintDocument, YamlParseError } from '@redocly/openapi-core';
import type { Config, Document, NormalizedProblem } from '@redocly/openapi-core';
import type { FindingLog } from '../finding-log.js';
import { lintConfiguration } from './lint-configuration.js';
import { SnapshotResolver } from './snapshot-resolver.js';
import type { ReadText } from './snapshot-resolver.js';

export interface DescriptionSource {
  readonly path: string;
  readonly text: string;
}

export interface DescriptionsInput {
  readonly descriptions: readonly DescriptionSource[];
  readonly read: ReadText;
  /** Text of the repository's `redocly.yaml`. */
  readonly config: string | undefined;
}

/** Lints OpenAPI descriptions by Redocly's rules, those of the repository's configuration where it has one. */
export async function lintDescriptions(
  { descriptions, read, config }: DescriptionsInput,
  log: FindingLog,
): Promise<void> {
  const resolver = new SnapshotResolver(read);
  const { common, aliasOf } = await lintConfiguration(config, resolver, log);
  for (const { path } of descriptions) await lintDescription(path, common.forAlias(aliasOf(path)), resolver, log);
}

async function lintDescription(
  file: string,
  config: Config,
  resolver: SnapshotResolver,
  log: FindingLog,
): Promise<void> {
  const fail = (message: string, line?: number) =>
    log.add({ severity: 'error', rule: 'openapi-invalid', message, file, line });
  try {
    const document = await resolver.resolveDocument(null, resolver.address(file), true);
    if (document instanceof Error) throw document;
    for (const problem of await lintDocument({ document, config, externalRefResolver: resolver })) {
      if (!problem.ignored) report(problem, document, resolver, log);
    }
  } catch (error) {
    // What its rules cannot digest they throw at; the faults of one description must not hide those of another.
    if (error instanceof RangeError) fail('It is nested too deeply');
    else if (error instanceof YamlParseError) fail(resolver.withoutRoot(error.originalError.message), error.line);
    else fail(resolver.withoutRoot(error instanceof Error ? error.message : String(error)));
  }
}

function report(problem: NormalizedProblem, root: Document, resolver: SnapshotResolver, log: FindingLog): void {
  const [location] = problem.location;
  const place = location && getLineColLocation(location);
  log.add({
    severity: problem.severity === 'error' ? 'error' : 'warning',
    rule: problem.ruleId,
    message: resolver.withoutRoot(problem.message),
    file: resolver.path((place ?? root).source.absoluteRef),
    line: place?.start.line,
    column: place?.start.col,
  });
}
