import { InvalidInputError } from '@reunite/contracts';
import { InvalidServerUrlError, parseServerUrl } from '@reunite/ghes-client';
import type { ApiSettings } from '../../settings.js';

/** The origin of an entered server URL. @throws InvalidInputError at the field `serverUrl` */
export function serverOrigin(serverUrl: string, settings: Pick<ApiSettings, 'allowInsecureHttp'>): string {
  try {
    return parseServerUrl(serverUrl, settings).origin;
  } catch (error) {
    if (!(error instanceof InvalidServerUrlError)) throw error;
    throw new InvalidInputError(error.message, [{ path: 'serverUrl', message: error.message }]);
  }
}
