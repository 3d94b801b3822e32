import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '@reunite/contracts';
import { AuditLog } from '../audit/audit-log.js';
import { kekSettings } from '../config.js';
import { Envelope } from '../envelope/envelope.js';
import type { KekReference } from '../kek/kek-provider.js';
import { kekDestroyer, forbidKek } from '../kek/kek-destruction.js';
import { KekError } from '../kek/kek.error.js';
import { rotateKek } from '../rotation/kek-rotation.js';
import { addKeyVersion, useNewestKey } from '../kek/key-file.js';
import { openKekProvider } from '../kek/open-kek-provider.js';
import { keksInUse } from '../vault-database.js';
import type { Command } from './command.js';

/** Adds a version to the key file. It is distributed to every replica before anything is wrapped by it. */
export const newKekVersion: Command = async ({ config, write }) => {
  if (!config.KEK_URL.startsWith('file:')) {
    throw new KekError('This command supports key files only. Rotate the key in the service that KEK_URL names.');
  }
  const version = await addKeyVersion(fileURLToPath(new URL(config.KEK_URL)));
  write(
    `The key file has version ${version}. Nothing is wrapped by it yet: copy the file to every replica, then run: kek rotate`,
  );
  return 0;
};

export const kekStatus: Command = async ({ config, dataSource, write }) => {
  const inUse = await keksInUse(dataSource);
  const current = await (await openKekProvider(kekSettings(config), inUse)).current();
  for (const kek of inUse) write(`${nameOf(kek)}${nameOf(kek) === nameOf(current) ? ' (current)' : ''}`);
  return 0;
};

/** Prints its progress. After an interruption, the same command continues. */
export const rotateKekCommand: Command = async ({ config, dataSource, write }) => {
  if (config.KEK_URL.startsWith('file:')) await useNewestKey(fileURLToPath(new URL(config.KEK_URL)));
  const provider = await openKekProvider(kekSettings(config), await keksInUse(dataSource));
  const current = await provider.current();
  let progress = { rewrapped: 0, failed: 0, total: 0 };
  for await (progress of rotateKek(dataSource, new Envelope(provider), current)) {
    write(`${progress.rewrapped + progress.failed} of ${progress.total}`);
  }
  await new AuditLog(dataSource).write({
    organizationId: '',
    caller: 'operator',
    method: 'rotateKek',
    connectionId: null,
    scope: { ...current, ...progress },
    outcome: progress.failed === 0 ? 'ok' : 'credential-undecryptable',
  });
  if (config.KEK_URL.startsWith('file:')) {
    write(
      'Copy the file to every replica again: until then, replicas with a copy of their own wrap by the old version.',
    );
  }
  write(`${progress.rewrapped} data keys are now wrapped by ${nameOf(current)}, ${progress.failed} do not decrypt.`);
  return progress.failed === 0 ? 0 : 1;
};

/**
 * Destroys old versions of the KEK, which makes dumps from before the rotation unreadable. Records the destruction in
 * the database first, so that no replica can wrap by them afterwards. After an interruption, the same command
 * continues.
 */
export const destroyKekVersion: Command = async ({ args, config, dataSource, write }) => {
  const version = Number(args[0]);
  if (!Number.isInteger(version) || version < 1) throw new InvalidInputError('Name the version: kek destroy-version 1');
  const settings = kekSettings(config);
  const { kekId, kekVersion } = await (await openKekProvider(settings, await keksInUse(dataSource))).current();
  if (version >= kekVersion) {
    throw new KekError(
      `Version ${kekVersion} of ${kekId} is the current one. Run kek new-version and kek rotate first.`,
    );
  }
  const destroy = kekDestroyer(settings);
  await forbidKek(dataSource, { kekId, kekVersion: version }, (manager) =>
    new AuditLog(dataSource).append(manager, {
      organizationId: '',
      caller: 'operator',
      method: 'destroyKekVersion',
      connectionId: null,
      scope: { kekId, kekVersion: version },
      outcome: 'ok',
    }),
  );
  await destroy(version);
  write(`${kekId} up to version ${version} is destroyed: it no longer decrypts any dump.`);
  return 0;
};

function nameOf({ kekId, kekVersion }: KekReference): string {
  return `${kekId} version ${kekVersion}`;
}
