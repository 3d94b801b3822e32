import { parseArgs } from 'node:util';
import { isCoded, jobs } from '@reunite/contracts';
import type { Probe } from '@reunite/contracts';
import { ConnectionEntity, SelfTestEntity } from '@reunite/connections';
import type { JobProducer } from '@reunite/queueing';
import { IsNull, Not } from 'typeorm';
import type { DataSource } from 'typeorm';

const USAGE = `Usage: npm run self-test -- (--all | CONNECTION…) [--json]

Lets a running worker test connections, and prints the result of each probe. The exit code is 1 if a probe failed, 2 for a
wrong call. DATABASE_URL and QUEUE_URL are those of sync-worker.`;

/** A self-test waits for a redelivery, and for time limits of a server that does not answer. */
const TIMEOUT_MS = 120_000;

export interface SelfTestCommandParts {
  readonly dataSource: DataSource;
  readonly producer: Pick<JobProducer, 'addAndWait'>;
  readonly write: (line: string) => void;
}

/** @returns the exit code */
export async function selfTestCommand(args: readonly string[], parts: SelfTestCommandParts): Promise<number> {
  const options = { all: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 0 === (values.all === true)) {
    parts.write(USAGE);
    return 2;
  }
  const connections = await connectionsOf(parts.dataSource, positionals);
  const unknown = positionals.filter((id) => !connections.some((connection) => connection.id === id));
  for (const id of unknown) parts.write(`There is no connection ${id} with an app.`);
  if (values.all && !values.json && connections.length === 0) parts.write('No connection has an app yet.');
  let hasFailed = unknown.length > 0;
  for (const connection of connections) {
    const failure = await run(connection.id, parts.producer);
    const test = await parts.dataSource.manager.findOneBy(SelfTestEntity, { connectionId: connection.id });
    const probes = failure === null ? (test?.probes ?? []) : [];
    hasFailed ||= failure !== null || probes.some(({ state }) => state === 'failed');
    const { id, name, origin } = connection;
    if (values.json) parts.write(JSON.stringify({ id, name, origin, failure, probes }));
    else for (const line of linesOf(connection, failure, probes)) parts.write(printable(line));
  }
  return hasFailed ? 1 : 0;
}

function connectionsOf(dataSource: DataSource, ids: readonly string[]): Promise<ConnectionEntity[]> {
  const repository = dataSource.getRepository(ConnectionEntity);
  const query = repository
    .createQueryBuilder('connection')
    .where({ appId: Not(IsNull()) })
    .orderBy('connection.id');
  return (ids.length === 0 ? query : query.andWhere('connection.id = ANY(:ids)', { ids })).getMany();
}

/** @returns why the self-test did not run, or null */
async function run(connectionId: string, producer: SelfTestCommandParts['producer']): Promise<string | null> {
  try {
    await producer.addAndWait(jobs.testConnection, { connectionId }, TIMEOUT_MS);
    return null;
  } catch (error) {
    if (isCoded(error)) return error.message;
    throw error;
  }
}

function linesOf({ id, name, origin }: ConnectionEntity, failure: string | null, probes: readonly Probe[]): string[] {
  const lines = probes.flatMap(({ name: probe, state, evidence, remedy }) => [
    `  ${state.padEnd(8)}${probe.padEnd(22)}${evidence}`,
    ...(remedy === null ? [] : [`${' '.repeat(32)}${remedy}`]),
  ]);
  return [`${name} (${id}, ${origin})`, ...(failure === null ? lines : [`  not run: ${failure}`])];
}

/** Evidence quotes answers of servers, whose control sequences a terminal would execute. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}
