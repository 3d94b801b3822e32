import { Injectable } from '@nestjs/common';
import type { CallRecord } from '../audit/call-record.js';
import { ProfileService } from '../profiles/profile.service.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods for how the server of a connection is reached. */
@Injectable()
export class ProfileController implements Partial<VaultMethodHandlers> {
  constructor(private readonly profiles: ProfileService) {}

  async replaceConnectionProfile(
    request: MethodRequest<'replaceConnectionProfile'>,
    record: CallRecord,
  ): Promise<MethodResponse<'replaceConnectionProfile'>> {
    return { version: await this.profiles.replace(request, record) };
  }

  getConnectionProfile(
    request: MethodRequest<'getConnectionProfile'>,
  ): Promise<MethodResponse<'getConnectionProfile'>> {
    return this.profiles.get(request.organizationId, request.connectionId);
  }

  async inspectServerCertificate(
    request: MethodRequest<'inspectServerCertificate'>,
    record: CallRecord,
  ): Promise<MethodResponse<'inspectServerCertificate'>> {
    return { pem: await this.profiles.inspect(request, record) };
  }
}
