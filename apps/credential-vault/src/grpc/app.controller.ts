import { Injectable } from '@nestjs/common';
import { AppRegistrationService } from '../apps/app-registration.service.js';
import { AppService } from '../apps/app.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionDeletionService } from '../connections/connection-deletion.service.js';
import { Connections } from '../connections/connections.js';
import { ManifestService } from '../manifest/manifest.service.js';
import type { Handlers, Request, Response } from './vault-handlers.js';

/** The app of a connection: how it comes, what its server says of it, how it goes. */
@Injectable()
export class AppController implements Partial<Handlers> {
  constructor(
    private readonly connections: Connections,
    private readonly manifests: ManifestService,
    private readonly registration: AppRegistrationService,
    private readonly apps: AppService,
    private readonly deletion: ConnectionDeletionService,
  ) {}

  beginManifest(request: Request<'beginManifest'>, record: CallRecord): Response<'beginManifest'> {
    return this.manifests.begin(request, record);
  }

  completeManifest(request: Request<'completeManifest'>, record: CallRecord): Response<'completeManifest'> {
    return this.manifests.complete(request, record);
  }

  registerApp(request: Request<'registerApp'>, record: CallRecord): Response<'registerApp'> {
    return this.registration.register(request, record);
  }

  async getApp(request: Request<'getApp'>): Response<'getApp'> {
    return this.apps.getApp(await this.connections.connected(request.organizationId, request.connectionId));
  }

  async listInstallations(request: Request<'listInstallations'>): Response<'listInstallations'> {
    return this.apps.listInstallations(await this.connections.connected(request.organizationId, request.connectionId));
  }

  async deleteConnection(request: Request<'deleteConnection'>, record: CallRecord): Response<'deleteConnection'> {
    await this.deletion.delete(request, record);
    return {};
  }
}
