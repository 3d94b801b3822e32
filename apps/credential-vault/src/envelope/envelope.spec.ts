import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { open, pack, seal, unpack } from '../crypto/aes-gcm.js';
import { canonical, canonicalJson } from '../crypto/canonical.js';
import { appCredentialKinds, Envelope, userCredentialKinds } from './envelope.js';
import type { CredentialBinding } from './envelope.js';
import type { KekProvider } from '../kek/kek-provider.js';

/** A KEK in memory. */
function memoryKek(): KekProvider {
  const kek = randomBytes(32);
  return {
    knows: () => true,
    current: () => Promise.resolve({ kekId: 'kek', kekVersion: 1 }),
    wrap: (dek, data) => Promise.resolve({ kekId: 'kek', kekVersion: 1, wrappedDek: pack(seal(kek, dek, data)) }),
    unwrap: ({ wrappedDek }, data) => Promise.resolve(open(kek, unpack(wrappedDek), data)),
  };
}

const binding: fc.Arbitrary<CredentialBinding> = fc.record({
  organizationId: fc.string(),
  connectionId: fc.string(),
  origin: fc.string(),
  kind: fc.constantFrom(...appCredentialKinds, ...userCredentialKinds),
  version: fc.nat(),
  subject: fc.string(),
});

describe('P5: the envelope', () => {
  const envelope = new Envelope(memoryKek());

  it('decrypts to the plaintext, which no part of the sealed credential contains', async () => {
    await fc.assert(
      fc.asyncProperty(binding, fc.uint8Array({ minLength: 16, maxLength: 5_000 }), async (owner, bytes) => {
        const plaintext = Buffer.from(bytes);
        const sealed = await envelope.seal(owner, plaintext);
        expect(sealed.ciphertext.includes(plaintext)).toBe(false);
        expect(await envelope.open(owner, sealed)).toEqual(plaintext);
      }),
    );
  });

  it('does not open with another organization, connection, origin, kind, version or subject', async () => {
    await fc.assert(
      fc.asyncProperty(binding, binding, async (owner, other) => {
        const sealed = await envelope.seal(owner, Buffer.from('the secret'));
        for (const field of Object.keys(owner) as (keyof CredentialBinding)[]) {
          if (owner[field] === other[field]) continue;
          const moved = { ...owner, [field]: other[field] };
          await expect(envelope.open(moved, sealed)).rejects.toMatchObject({ code: 'credential-undecryptable' });
        }
      }),
    );
  });

  it('seals once with a data key that was wrapped before', async () => {
    const owner = fc.sample(binding, 1)[0]!;
    const sealOnce = await envelope.prepare(owner);
    await expect(envelope.open(owner, sealOnce(Buffer.from('the secret')))).resolves.toEqual(Buffer.from('the secret'));
    expect(() => sealOnce(Buffer.from('another secret'))).toThrow('seals one credential');
  });

  it('does not open with another KEK', async () => {
    const owner = fc.sample(binding, 1)[0]!;
    const sealed = await new Envelope(memoryKek()).seal(owner, Buffer.from('the secret'));
    await expect(envelope.open(owner, sealed)).rejects.toMatchObject({ code: 'credential-undecryptable' });
  });

  it('uses a data key and a nonce once', async () => {
    const owner = fc.sample(binding, 1)[0]!;
    const [one, two] = await Promise.all([1, 2].map(() => envelope.seal(owner, Buffer.from('the secret'))));
    expect(one!.nonce).not.toEqual(two!.nonce);
    expect(one!.ciphertext).not.toEqual(two!.ciphertext);
    expect(one!.wrappedDek).not.toEqual(two!.wrappedDek);
  });
});

describe('canonical encoding', () => {
  it('is injective over lists of fields', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(canonical('x', a).equals(canonical('x', b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(canonical('x', ['ab', 'c'])).not.toEqual(canonical('x', ['a', 'bc']));
  });

  it('of JSON is independent of the key order', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
  });
});
