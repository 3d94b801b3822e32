import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { KekError } from './kek.error.js';
import { callKeyService } from './remote-call.js';

/** A mount of the transit engine of HashiCorp Vault or OpenBao. */
export class TransitClient {
  /**
   * @param tokenFile read for every call, so that an agent can renew it
   */
  constructor(
    readonly origin: string,
    readonly mount: string,
    private readonly tokenFile: string,
  ) {}

  /**
   * @param path below the mount, e.g. `encrypt/<key>`
   * @param isAboutDataKey see `RemoteCall`
   */
  async call<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body: object | undefined,
    answer: z.ZodType<T>,
    isAboutDataKey: (status: number) => boolean = () => false,
  ): Promise<T> {
    const token = await this.token();
    return callKeyService(
      {
        isAboutDataKey,
        url: new URL(`/v1/${this.mount}/${path}`, this.origin),
        method,
        headers: { 'x-vault-token': token, 'x-vault-request': 'true', 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      },
      answer,
    );
  }

  private async token(): Promise<string> {
    const token = await readFile(this.tokenFile, 'utf8').catch((cause: unknown) => {
      throw new KekError(`The token file ${this.tokenFile} cannot be read.`, { cause });
    });
    if (token.trim() === '') throw new KekError(`The token file ${this.tokenFile} is empty.`);
    return token.trim();
  }
}
