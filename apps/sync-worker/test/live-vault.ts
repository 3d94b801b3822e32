import type { VaultInstallation } from '@reunite/contracts';
import type { FakeVault } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import type { TestGhes } from './test-ghes.js';

interface ServerInstallation {
  readonly id: number;
  /** An enterprise has a slug instead of a login. */
  readonly account: { readonly login?: string; readonly slug?: string };
  readonly target_type: string;
  readonly repository_selection: string;
  readonly suspended_at: string | null;
  readonly permissions: Record<string, string>;
}

/** Answers of the server to a request for a token, and the vault's codes for them. */
const CODES = { 403: 'ghes-suspended', 404: 'ghes-not-found', 422: 'ghes-validation' } as const;

/** Makes the vault answer with the server's own app, installations and errors, as the real vault does. */
export function followServer(vault: FakeVault, ghes: TestGhes): void {
  const events = ['create', 'delete', 'pull_request', 'push'];
  vault.getApp = async () => {
    const { id, slug, permissions } = await ghes.app();
    return { id, slug, permissions, events, name: slug, htmlUrl: `${ghes.origin}/github-apps/${slug}`, owner: 'acme' };
  };
  vault.listInstallations = async () => {
    const { installations } = await ghes.app();
    return {
      installations: (installations as ServerInstallation[]).map(describeInstallation),
      requests: vault.requests,
    };
  };
  const issue = vault.issueInstallationToken;
  vault.issueInstallationToken = (request) =>
    issue(request).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const status = /was answered with (\d+)/.exec(message)?.[1];
      const code = status === undefined ? undefined : CODES[Number(status) as keyof typeof CODES];
      throw code === undefined ? error : new VaultError(message, code);
    });
}

function describeInstallation(installation: ServerInstallation): VaultInstallation {
  const { id, account, target_type, repository_selection, suspended_at, permissions } = installation;
  return {
    id,
    owner: account.login ?? account.slug ?? '',
    ownerType: target_type,
    repositorySelection: repository_selection,
    suspended: suspended_at !== null,
    permissions,
  };
}
