import type pg from 'pg';

type Connection = pg.Connection & { readonly stream: { cork(): void; uncork(): void; write(bytes: Buffer): boolean } };

/**
 * Sends COPY statements together with their data: the server reads the data as soon as it has started a statement, and
 * drops it if the statement fails, so that there is no need to wait for its `CopyInResponse`. `pg-copy-streams` waits
 * for it, once per statement.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export class CopyQuery {
  /** Set by `pg`, which adds the timeout of a query to it. */
  callback: (error?: Error | null) => void;
  readonly done: Promise<void>;
  private failed = false;

  constructor(
    private readonly statements: string,
    private readonly messages: Buffer,
  ) {
    let settle!: (error?: Error | null) => void;
    this.done = new Promise((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    this.callback = settle;
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.query(this.statements);
    stream.write(this.messages);
    stream.uncork();
  }

  handleError(error: Error): void {
    this.failed = true;
    this.callback(error);
  }

  /** The server is ready for the next query, which is after the commit. */
  handleReadyForQuery(): void {
    if (!this.failed) this.callback();
  }

  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
}
