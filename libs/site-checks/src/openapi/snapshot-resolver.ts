import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { BaseResolver, ResolveError, Source } from '@redocly/openapi-core';
import { parseYaml, SourceSyntaxError } from '@reunite/site-builder';

/** Returns the text of a data file of the snapshot, or undefined if it does not exist or is too large. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * Resolves `$ref`s to files of the snapshot. Rejects every other target, on this machine or on a server: anyone may
 * have written the description, and it must not read what this process can reach.
 */
export class SnapshotResolver extends BaseResolver {
  /**
   * A folder that does not exist: Redocly looks for plugins next to a configuration. It is below this code, because a
   * process without the permission to read a folder cannot ask whether a file exists there.
   */
  private readonly root = `${import.meta.dirname}/snapshot-${randomUUID()}/`;

  constructor(private readonly read: ReadText) {
    super();
  }

  /** The address that Redocly uses for a file of the snapshot. */
  address(path: string): string {
    return this.root + path;
  }

  /** The path of an address in the snapshot, or null if it is outside. */
  path(address: string): string | null {
    return address.startsWith(this.root) ? address.slice(this.root.length) : null;
  }

  /** Replaces addresses in a message with paths of the repository. */
  withoutRoot(message: string): string {
    return message.replaceAll(this.root, '');
  }

  override async loadExternalRef(address: string): Promise<Source> {
    const path = this.path(address);
    if (path === null) throw unresolved('the target is outside of the folder that is built, and is not read');
    const text = await this.read(path);
    if (text === undefined) throw unresolved(`the file "${path}" does not exist`);
    if (['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase())) assertBounded(text);
    return new Source(address, text);
  }
}

/** Redocly's parser expands aliases without a limit; ours rejects aliases that expand too far. */
function assertBounded(text: string): void {
  try {
    parseYaml(text);
  } catch (error) {
    throw error instanceof SourceSyntaxError ? unresolved(error.reason) : error;
  }
}

function unresolved(message: string): ResolveError {
  return new ResolveError(new Error(message));
}
