import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { BaseResolver, ResolveError, Source } from '@redocly/openapi-core';
import { parseYaml, SourceSyntaxError } from '@reunite/site-builder';

/** The text of a data file of the snapshot, or undefined where there is none that may be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Resolves `$ref`s inside of the snapshot. Whatever leads out of it, to a server or to a file of this machine, is refused:
 * a description that anybody may have written would otherwise read what this process can reach.
 */
export class SnapshotResolver extends BaseResolver {
  /** A folder that does not exist: Redocly looks for plugins beside a configuration. */
  private readonly root = `/snapshot-${randomUUID()}/`;

  constructor(private readonly read: ReadText) {
    super();
  }

  /** How Redocly calls a file of the snapshot. */
  address(path: string): string {
    return this.root + path;
  }

  /** @returns null for anything outside of the snapshot */
  path(address: string): string | null {
    return address.startsWith(this.root) ? address.slice(this.root.length) : null;
  }

  /** A message with the paths that the repository's people know. */
  withoutRoot(message: string): string {
    return message.replaceAll(this.root, '');
  }

  override async loadExternalRef(address: string): Promise<Source> {
    const path = this.path(address);
    if (path === null) throw refusal('it leads out of the folder that is built; nothing outside of it is read');
    const text = await this.read(path);
    if (text === undefined) throw refusal(`there is no file "${path}" that it could lead to`);
    if (['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase())) assertHarmless(text);
    return new Source(address, text);
  }
}

/** Redocly's parser writes out what aliases stand for. */
function assertHarmless(text: string): void {
  try {
    parseYaml(text);
  } catch (error) {
    throw error instanceof SourceSyntaxError ? refusal(error.reason) : error;
  }
}

function refusal(message: string): ResolveError {
  return new ResolveError(new Error(message));
}
