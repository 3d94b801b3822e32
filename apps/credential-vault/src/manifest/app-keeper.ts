import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError, isCoded } from '@reunite/contracts';
import { convertManifestCode } from '@reunite/ghes-client';
import type { ConvertedApp } from '@reunite/ghes-client';
import { DataSource, IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { ManifestFlowEntity } from './manifest-flow.entity.js';
import { ManifestStateError } from './manifest-state.error.js';
import { ManifestStates } from './manifest-states.js';

/** Exchanges a manifest code and keeps what comes back before anything else can happen. */
@Injectable()
export class AppKeeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly states: ManifestStates,
    private readonly credentials: Credentials,
    private readonly ghes: GhesClients,
  ) {}

  /** The origin is the flow's: nothing in a callback can send the code, or what follows, anywhere else (P6). */
  async exchange(flow: ManifestFlowEntity, code: string, record: CallRecord): Promise<void> {
    const pending = { id: flow.connectionId, appId: IsNull() };
    if (!(await this.dataSource.getRepository(ConnectionEntity).existsBy(pending))) throw alreadyConnected(flow);
    const app = await this.#convert(flow, code);
    if (app.owner && app.owner.login.toLowerCase() !== flow.owner.toLowerCase()) {
      throw new ManifestStateError('foreign-owner');
    }
    await this.dataSource.transaction(async (manager) => {
      await this.#keep(manager, flow, app);
      await record.commitWith(manager);
    });
  }

  async #convert(flow: ManifestFlowEntity, code: string): Promise<ConvertedApp> {
    try {
      return await convertManifestCode(this.ghes.anonymous({ id: flow.connectionId, origin: flow.origin }), { code });
    } catch (error) {
      if (isCoded(error) && error.retryable) await this.states.release(flow);
      throw error;
    }
  }

  async #keep(manager: EntityManager, flow: ManifestFlowEntity, app: ConvertedApp): Promise<void> {
    const { affected } = await manager.update(
      ConnectionEntity,
      { id: flow.connectionId, appId: IsNull() },
      {
        appId: app.id,
        clientId: app.client_id,
        slug: app.slug,
        webhookSecretPending: app.webhook_secret === null,
        connectedAt: new Date(),
      },
    );
    if (affected !== 1) throw alreadyConnected(flow);
    const connection = await manager.findOneByOrFail(ConnectionEntity, { id: flow.connectionId });
    const webhookSecret = app.webhook_secret ?? randomBytes(32).toString('hex');
    await this.credentials.add(manager, connection, 'client-secret', Buffer.from(app.client_secret));
    await this.credentials.add(manager, connection, 'private-key', Buffer.from(app.pem));
    await this.credentials.add(manager, connection, 'webhook-secret', Buffer.from(webhookSecret));
  }
}

function alreadyConnected({ connectionId }: ManifestFlowEntity): ConflictError {
  return new ConflictError(`Connection ${connectionId} has an app already.`);
}
