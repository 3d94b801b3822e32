import { Injectable } from '@nestjs/common';
import type { Session } from '@reunite/contracts';
import type { Caller } from '../../auth/caller.js';

@Injectable()
export class SessionService {
  of({ subject, name, organizationId, organizationName, roles }: Caller): Session {
    return { subject, name, organizationId, organizationName, roles: [...roles] };
  }
}
