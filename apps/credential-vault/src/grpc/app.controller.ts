import { Injectable } from '@nestjs/common';
import { AppRegistrationService } from '../apps/app-registration.service.js';
import { AppService } from '../apps/app.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionDeletionService } from '../deletion/connection-deletion.service.js';
import { Connections } from '../connections/connections.js';
import { ManifestService } from '../manifest/manifest.service.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods for the app of a connection: setup, registration, reading and deletion. */
@Injectable()
export class AppController implements Partial<VaultMethodHandlers> {
  constructor(
    private readonly connections: Connections,
    private readonly manifests: ManifestService,
    private readonly registration: AppRegistrationService,
    private readonly apps: AppService,
    private readonly deletion: ConnectionDeletionService,
  ) {}

  beginManifest(request: MethodRequest<'beginManifest'>, record: CallRecord): Promise<MethodResponse<'beginManifest'>> {
    return this.manifests.begin(request, record);
  }

  completeManifest(
    request: MethodRequest<'completeManifest'>,
    record: CallRecord,
  ): Promise<MethodResponse<'completeManifest'>> {
    return this.manifests.complete(request, record);
  }

  registerApp(request: MethodRequest<'registerApp'>, record: CallRecord): Promise<MethodResponse<'registerApp'>> {
    return this.registration.register(request, record);
  }

  async getApp(request: MethodRequest<'getApp'>, record: CallRecord): Promise<MethodResponse<'getApp'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.apps.getApp(connection, record.signal);
  }

  async listInstallations(
    request: MethodRequest<'listInstallations'>,
    record: CallRecord,
  ): Promise<MethodResponse<'listInstallations'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.apps.listInstallations(connection, record.signal);
  }

  async deleteConnection(
    request: MethodRequest<'deleteConnection'>,
    record: CallRecord,
  ): Promise<MethodResponse<'deleteConnection'>> {
    await this.deletion.delete(request, record);
    return {};
  }
}
