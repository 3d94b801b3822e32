import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalStack } from '@reunite/local-stack';
import type { KnownSecret } from '../simulator.client.js';
import type { Leak } from './places.js';

type DataFolder = LocalStack['data'];

/** Files in which a kind of secret is expected. */
const EXPECTED_PLACES: Readonly<Record<string, RegExp>> = {
  'database-password': /^file postgres\/passwords\.json$/,
  kek: /^file keys\/kek\.json$/,
  'sign-in-key': /^file keys\/sign-in\.json$/,
  'tls-key': /^file tls\//,
};

export const stackSecretKinds = [...Object.keys(EXPECTED_PLACES), 'session', 'state'];

export function isExpected({ kind, place }: Leak): boolean {
  return EXPECTED_PLACES[kind]?.test(place) ?? false;
}

/** Keys and passwords that the stack generated and stores in files. */
export async function stackSecrets({ keys, tls, postgres }: DataFolder): Promise<KnownSecret[]> {
  const json = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as unknown;
  const kek = (await json(join(keys, 'kek.json'))) as { keys: { key: string }[] };
  const signIn = (await json(join(keys, 'sign-in.json'))) as { d: string };
  const passwords = (await json(join(postgres, 'passwords.json'))) as Record<string, string>;
  const pems = (await readdir(tls, { recursive: true })).filter((name) => /\.key$/.test(name));
  const tlsKeys = await Promise.all(pems.map((name) => readFile(join(tls, name), 'utf8').then(privateNumberOf)));
  return [
    ...kek.keys.map(({ key }) => ({ kind: 'kek', value: key })),
    { kind: 'sign-in-key', value: signIn.d },
    ...Object.values(passwords).map((value) => ({ kind: 'database-password', value })),
    ...tlsKeys.map((value) => ({ kind: 'tls-key', value })),
  ];
}

/** The private number of an elliptic curve key, base64url. */
function privateNumberOf(pem: string): string {
  return createPrivateKey(pem).export({ format: 'jwk' }).d ?? '';
}
