import { describe, expect, it } from '@jest/globals';
import { WebhookSecrets } from './webhook-secrets.js';

function setup() {
  const vault = { answer: ['current', 'previous'] as readonly string[] | null | Error, asked: [] as string[] };
  const clock = { now: 1_000_000 };
  const read = (connectionId: string) => {
    vault.asked.push(connectionId);
    return vault.answer instanceof Error ? Promise.reject(vault.answer) : Promise.resolve(vault.answer);
  };
  const sut = new WebhookSecrets(read, { freshMs: 60_000, staleMs: 600_000 }, () => clock.now);
  return { sut, vault, clock };
}

describe('WebhookSecrets', () => {
  it('shares one request to the vault between concurrent callers, and repeats it when the secrets are stale', async () => {
    const { sut, vault, clock } = setup();
    const answers = await Promise.all(Array.from({ length: 50 }, () => sut.of('con_1')));
    expect(answers).toEqual(Array(50).fill(['current', 'previous']));
    clock.now += 59_999;
    await sut.of('con_1');
    expect(vault.asked).toHaveLength(1);
    clock.now += 1;
    vault.answer = ['next', 'current'];
    expect(await sut.of('con_1')).toEqual(['next', 'current']);
  });

  it('keeps connections apart', async () => {
    const { sut, vault } = setup();
    await sut.of('con_1');
    vault.answer = ['other'];
    expect(await sut.of('con_2')).toEqual(['other']);
    expect(await sut.of('con_1')).toEqual(['current', 'previous']);
  });

  it('remembers for seconds that a connection does not exist, and not at all that it has no secret yet', async () => {
    const { sut, vault, clock } = setup();
    vault.answer = null;
    expect(await sut.of('con_unknown')).toEqual([]);
    expect(await sut.of('con_unknown')).toEqual([]);
    expect(vault.asked).toHaveLength(1);
    clock.now += 5_000;
    vault.answer = [];
    expect(await sut.of('con_unknown')).toEqual([]);
    vault.answer = ['first'];
    expect(await sut.of('con_unknown')).toEqual(['first']);
  });

  it('asks again after a signature that does not match, but forged ones do not make it ask more often', async () => {
    const { sut, vault, clock } = setup();
    await sut.of('con_1');
    expect(await sut.renewed('con_1')).toBeNull();
    clock.now += 5_000;
    vault.answer = ['replaced'];
    const renewed = await Promise.all(Array.from({ length: 100 }, () => sut.renewed('con_1')));
    expect(renewed.filter(Boolean)).toHaveLength(1);
    expect(await sut.of('con_1')).toEqual(['replaced']);
    expect(vault.asked).toHaveLength(2);
  });

  it('serves the stale value for a while if the vault is unreachable, retrying every few seconds', async () => {
    const { sut, vault, clock } = setup();
    await sut.of('con_1');
    vault.answer = new Error('away');
    clock.now += 60_000;
    for (let request = 0; request < 10; request++) {
      expect(await sut.of('con_1')).toEqual(['current', 'previous']);
    }
    expect(vault.asked).toHaveLength(2);
    clock.now += 540_000;
    await expect(sut.of('con_1')).rejects.toThrow('away');
    await expect(sut.of('con_2')).rejects.toThrow('away');
  });

  it('forgets the secret of a connection that was deleted', async () => {
    const { sut, vault, clock } = setup();
    await sut.of('con_1');
    vault.answer = null;
    clock.now += 60_000;
    expect(await sut.of('con_1')).toEqual([]);
    vault.answer = new Error('away');
    expect(await sut.of('con_1')).toEqual([]);
  });

  it('caches the secrets of a bounded number of connections', async () => {
    const { sut, vault } = setup();
    for (let index = 0; index <= 10_000; index++) await sut.of(`con_${index}`);
    await sut.of('con_1');
    expect(vault.asked).toHaveLength(10_001);
    await sut.of('con_0');
    expect(vault.asked).toHaveLength(10_002);
  });
});
