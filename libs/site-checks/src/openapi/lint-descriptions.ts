import { getLineColLocation, lintDocument, YamlParseError } from '@redocly/openapi-core';
import type { Config, Document, NormalizedProblem } from '@redocly/openapi-core';
import type { Description } from '@reunite/site-builder';
import type { FindingLog } from '../finding-log.js';
import { rejectionOf } from './description-limits.js';
import { LinkedDocuments } from './linked-documents.js';
import type { ParsedFiles } from './linked-documents.js';
import { lintConfiguration } from './lint-configuration.js';
import type { LintConfiguration } from './lint-configuration.js';
import { SnapshotResolver } from './snapshot-resolver.js';
import type { ReadText } from './snapshot-resolver.js';

export interface ParsedDescription {
  readonly path: string;
  readonly root: Description;
}

export interface DescriptionsInput {
  readonly descriptions: readonly ParsedDescription[];
  readonly read: ReadText;
  /** Text of the repository's `redocly.yaml`. */
  readonly config: string | undefined;
}

/** Lints OpenAPI descriptions with Redocly's rules, as the repository's `redocly.yaml` configures them. */
export async function lintDescriptions(input: DescriptionsInput, log: FindingLog): Promise<void> {
  const resolver = new SnapshotResolver(input.read);
  const configuration = await lintConfiguration(input.config, resolver, log);
  const linter = new DescriptionLinter(resolver, configuration, input.read, log);
  for (const description of input.descriptions) await linter.lint(description);
}

class DescriptionLinter {
  private readonly parsedFiles: ParsedFiles = new Map();

  constructor(
    private readonly resolver: SnapshotResolver,
    private readonly configuration: LintConfiguration,
    private readonly read: ReadText,
    private readonly log: FindingLog,
  ) {}

  async lint({ path, root }: ParsedDescription): Promise<void> {
    const documents = await LinkedDocuments.load(path, root, this.read, this.parsedFiles);
    const rejection = rejectionOf(documents, this.configuration.patterns);
    if (rejection) {
      this.log.add({ severity: 'error', ...rejection, file: path });
      return;
    }
    const { common, aliasOf } = this.configuration;
    await this.lintWithRedocly(path, common.forAlias(aliasOf(path)));
  }

  /** Redocly throws at what its rules cannot process. Reported, so that the other descriptions are still linted. */
  private async lintWithRedocly(file: string, config: Config): Promise<void> {
    const { resolver } = this;
    const fail = (message: string, line?: number) =>
      this.log.add({ severity: 'error', rule: 'openapi-invalid', message, file, line });
    try {
      const document = await resolver.resolveDocument(null, resolver.address(file), true);
      if (document instanceof Error) throw document;
      for (const problem of await lintDocument({ document, config, externalRefResolver: resolver })) {
        if (!problem.ignored) this.report(problem, document);
      }
    } catch (error) {
      if (error instanceof RangeError) fail('It is nested too deeply');
      else if (error instanceof YamlParseError) fail(resolver.withoutRoot(error.originalError.message), error.line);
      else fail(resolver.withoutRoot(error instanceof Error ? error.message : String(error)));
    }
  }

  private report(problem: NormalizedProblem, root: Document): void {
    const [location] = problem.location;
    const position = location && getLineColLocation(location);
    this.log.add({
      severity: problem.severity === 'error' ? 'error' : 'warning',
      rule: problem.ruleId,
      message: this.resolver.withoutRoot(problem.message),
      file: this.resolver.path((position ?? root).source.absoluteRef),
      line: position?.start.line,
      column: position?.start.col,
    });
  }
}
