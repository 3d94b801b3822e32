import { Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import { convertManifestCode } from '@reunite/ghes-client';
import type { ConvertedApp } from '@reunite/ghes-client';
import { DataSource, IsNull } from 'typeorm';
import { alreadyConnected, AppKeeper } from '../apps/app-keeper.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { ManifestFlowEntity } from './manifest-flow.entity.js';
import { ManifestStateError } from './manifest-state.error.js';
import { ManifestStates } from './manifest-states.js';

/** Exchanges a manifest code and commits the app's credentials before anything else. */
@Injectable()
export class ManifestExchange {
  constructor(
    private readonly dataSource: DataSource,
    private readonly states: ManifestStates,
    private readonly keeper: AppKeeper,
    private readonly ghes: GhesClients,
  ) {}

  /** Sends the code to the flow's origin: nothing in a callback can direct it elsewhere (P6). */
  async exchange(flow: ManifestFlowEntity, code: string, record: CallRecord): Promise<void> {
    const pending = await this.dataSource.manager.findOneBy(ConnectionEntity, {
      id: flow.connectionId,
      appId: IsNull(),
    });
    if (!pending) throw alreadyConnected(flow.connectionId);
    // A code can be exchanged only once, so the key service is called before.
    const store = await this.orRelease(flow, () => this.keeper.reserve(pending));
    const app = await this.convert(flow, pending, code);
    if (app.owner && app.owner.login.toLowerCase() !== flow.owner.toLowerCase()) {
      throw new ManifestStateError('foreign-owner');
    }
    await this.dataSource.transaction(async (manager) => {
      await store(manager, {
        appId: app.id,
        clientId: app.client_id,
        slug: app.slug,
        clientSecret: app.client_secret,
        privateKey: app.pem,
        webhookSecret: app.webhook_secret,
      });
      await record.commitWith(manager);
    });
  }

  private convert(flow: ManifestFlowEntity, pending: ConnectionEntity, code: string): Promise<ConvertedApp> {
    const { id, organizationId, profileVersion } = pending;
    const target = { id, organizationId, profileVersion, origin: flow.origin };
    return this.orRelease(flow, async () => {
      try {
        return await convertManifestCode(await this.ghes.anonymous(target), { code });
      } catch (error) {
        const isUnknown = isCoded(error) && ['ghes-not-found', 'ghes-validation'].includes(error.code);
        throw isUnknown ? new ManifestStateError('unknown-code', { cause: error }) : error;
      }
    });
  }

  /** After a transient failure, the same callback can be tried again. */
  private async orRelease<T>(flow: ManifestFlowEntity, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (isCoded(error) && error.retryable) await this.states.release(flow);
      throw error;
    }
  }
}
