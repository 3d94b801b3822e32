import { deliveryLagProbe, probe, SelfTestEntity, storeSelfTest, webhookWarning } from '@reunite/connections';
import type { ConnectionEntity, ServerFacts } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import type { PayloadOf, Probe } from '@reunite/contracts';
import type { DeliveryRepository } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import { Counter } from 'prom-client';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../ghes-access.js';
import type { Vault } from '../vault.js';
import { appProbes } from './app-probes.js';
import { readRulesets } from './rulesets.probe.js';
import { messageOf, profileCertificates, remedyOf, serverProbes } from './server-probes.js';

const probesTotal = new Counter({
  name: 'worker_self_test_probes_total',
  help: 'Probes of self-tests, by name and state',
  labelNames: ['probe', 'state'],
});

interface SelfTestParts {
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
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
    const [server, app, rulesets, lag] = await Promise.all([
      this.server(connection),
      connection.appId === null ? [] : appProbes(vault, connection, webhookUrl),
      connection.appId === null ? [] : readRulesets(dataSource, ghes, connectionId),
      this.lag(connection),
    ]);
    const probes = [...server.probes, ...app, rulesets, lag].flat();
    for (const { name, state } of probes) probesTotal.inc({ probe: name, state });
    await this.store(connection, probes, server.facts);
    return null;
  }

  /**
   * Stores the result. Starts a refresh, which updates the status of the connection, if the warning about the webhook changed
   * or the server accepts the app of a broken connection again.
   */
  private async store(connection: ConnectionEntity, probes: readonly Probe[], facts: ServerFacts): Promise<void> {
    const { id: connectionId, status } = connection;
    await this.parts.unitOfWork.run({ connectionId }, async ({ db, afterCommit }) => {
      const previous = await db.findOneBy(SelfTestEntity, { connectionId });
      await storeSelfTest(db, connection, probes, facts);
      const isRecovered = status === 'broken' && probes.some(({ name, state }) => name === 'app' && state === 'ok');
      if (isRecovered || webhookWarning(probes) !== webhookWarning(previous?.probes ?? [])) {
        afterCommit.enqueue(jobs.refreshConnection, { connectionId });
      }
    });
  }

  private async server(connection: ConnectionEntity): ReturnType<typeof serverProbes> {
    try {
      return await serverProbes(await this.parts.ghes.network(connection), connection);
    } catch (error) {
      const failed = probe('connection', 'failed', messageOf(error), remedyOf(error));
      const { probes, expiresAt } = profileCertificates(connection);
      const facts = { version: null, certificateExpiresAt: null, profileExpiresAt: expiresAt };
      return { probes: [failed, ...probes], facts };
    }
  }

  private async lag({ id }: ConnectionEntity): Promise<Probe> {
    return deliveryLagProbe(await this.parts.deliveries.oldestPendingSeconds(id));
  }
}
