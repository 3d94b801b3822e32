import { deliveryLagProbe, probe, storeSelfTest } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import type { jobs, PayloadOf, Probe } from '@reunite/contracts';
import type { DeliveryRepository } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import { Counter } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../ghes-access.js';
import type { Vault } from '../vault.js';
import { appProbes } from './app-probes.js';
import { messageOf, remedyOf, serverProbes } from './server-probes.js';

const probesTotal = new Counter({
  name: 'worker_self_test_probes_total',
  help: 'Probes of self-tests, by name and state',
  labelNames: ['probe', 'state'],
});

interface SelfTestParts {
  readonly dataSource: DataSource;
  readonly vault: Vault;
  readonly ghes: GhesAccess;
  readonly deliveries: DeliveryRepository;
  /** Public origin of webhook-ingest; empty if it is not known. */
  readonly webhookUrl: string;
}

/** Runs the self-test of a connection and stores its result. Running twice stores the newer result. */
export class TestConnectionHandler implements JobHandler<typeof jobs.testConnection> {
  constructor(private readonly parts: SelfTestParts) {}

  async handle({ connectionId }: PayloadOf<typeof jobs.testConnection>): Promise<null> {
    const { dataSource, vault, ghes, webhookUrl } = this.parts;
    const connection = await ghes.connection(connectionId);
    const [server, app, lag] = await Promise.all([
      this.server(connection),
      connection.appId === null ? [] : appProbes(vault, connection, webhookUrl),
      this.lag(connection),
    ]);
    const probes = [...server, ...app, lag];
    for (const { name, state } of probes) probesTotal.inc({ probe: name, state });
    await dataSource.transaction((db) => storeSelfTest(db, connection, probes));
    return null;
  }

  private async server(connection: ConnectionEntity): Promise<Probe[]> {
    try {
      return await serverProbes(await this.parts.ghes.network(connection), connection);
    } catch (error) {
      return [probe('connection', 'failed', messageOf(error), remedyOf(error))];
    }
  }

  private async lag({ id }: ConnectionEntity): Promise<Probe> {
    return deliveryLagProbe(await this.parts.deliveries.oldestPendingSeconds(id));
  }
}
