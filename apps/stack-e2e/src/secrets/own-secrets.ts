import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalStack } from '@reunite/local-stack';
import type { GivenSecret } from '../simulator.client.js';
import type { Finding } from './places.js';

type DataFolder = LocalStack['data'];

/** Where a secret of the stack itself is kept: whoever has that file has it by right. */
const HOMES: Readonly<Record<string, RegExp>> = {
  'database-password': /^file postgres\/passwords\.json$/,
  kek: /^file keys\/kek\.json$/,
  'sign-in-key': /^file keys\/sign-in\.json$/,
  'tls-key': /^file tls\//,
};

export const ownKinds = [...Object.keys(HOMES), 'session', 'state'];

export function isAtHome({ kind, place }: Finding): boolean {
  return HOMES[kind]?.test(place) ?? false;
}

/** What the stack has made for itself and keeps in files: its keys and passwords. */
export async function ownSecrets({ keys, tls, postgres }: DataFolder): Promise<GivenSecret[]> {
  const json = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as unknown;
  const kek = (await json(join(keys, 'kek.json'))) as { keys: { key: string }[] };
  const signIn = (await json(join(keys, 'sign-in.json'))) as { d: string };
  const passwords = (await json(join(postgres, 'passwords.json'))) as Record<string, string>;
  const pems = (await readdir(tls, { recursive: true })).filter((name) => /\.key$/.test(name));
  const tlsKeys = await Promise.all(pems.map((name) => readFile(join(tls, name), 'utf8').then(numberOf)));
  return [
    ...kek.keys.map(({ key }) => ({ kind: 'kek', value: key })),
    { kind: 'sign-in-key', value: signIn.d },
    ...Object.values(passwords).map((value) => ({ kind: 'database-password', value })),
    ...tlsKeys.map((value) => ({ kind: 'tls-key', value })),
  ];
}

/** The number that only the owner of an elliptic key knows, base64url. */
function numberOf(pem: string): string {
  return createPrivateKey(pem).export({ format: 'jwk' }).d ?? '';
}
