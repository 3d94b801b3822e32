import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEntity, probe, SelfTestEntity, storeSelfTest } from '@reunite/connections';
import type { Probe } from '@reunite/contracts';
import { insertConnection } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import { VaultError } from '@reunite/vault-client';
import { selfTestCommand } from './self-test.command.js';
import type { SelfTestCommandParts } from './self-test.command.js';

describe('npm run self-test', () => {
  const dataSource = useBridgeDatabase([ConnectionEntity, SelfTestEntity]);
  let id: string;
  let lines: string[];

  beforeEach(async () => {
    await dataSource().query('DELETE FROM connection');
    id = await insertConnection(dataSource(), { organizationId: 'org_a' });
    await dataSource().query('UPDATE connection SET app_id = 7');
    lines = [];
  });

  const run = (args: string[], result: Probe[] | Error = []) => {
    const addAndWait = async () => {
      if (result instanceof Error) throw result;
      const facts = { version: null, certificateExpiresAt: null, profileExpiresAt: null };
      await storeSelfTest(dataSource().manager, { id, organizationId: 'org_a' }, result, facts);
      return null;
    };
    const producer = { addAndWait } as unknown as SelfTestCommandParts['producer'];
    return selfTestCommand(args, { dataSource: dataSource(), producer, write: (line) => lines.push(line) });
  };

  it('prints every probe of all connections, and succeeds unless one failed', async () => {
    const warning = probe('clock', 'warning', 'Behind.', 'Synchronize it.');
    expect(await run(['--all'], [probe('tls', 'ok', 'Trusted.'), warning])).toBe(0);
    expect(lines[0]).toContain(id);
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      'ok      tls                   Trusted.',
      'warning clock                 Behind.',
      'Synchronize it.',
    ]);
    expect(await run([id], [probe('tls', 'failed', 'Not trusted.', 'Add it.')])).toBe(1);
  });

  it('prints JSON, and why a self-test did not run', async () => {
    expect(await run([id, '--json'], new VaultError('The vault is away.', 'vault-unavailable'))).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id, failure: 'The vault is away.', probes: [] });
  });

  it('attack: the answer of a server sends no control sequences to the terminal of the operator', async () => {
    const hostile = '\u001b]0;title\u0007\u001b[2J\u009b1m\r\u202etext\n';
    await run(['--all'], [probe('tls', 'failed', `Answered ${hostile}`, `Ask ${hostile}`)]);
    expect(lines).toHaveLength(3);
    expect(lines.join('')).toContain('text');
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('explains a wrong call', async () => {
    expect(await run([])).toBe(2);
    expect(await run(['--all', id])).toBe(2);
    expect(lines[0]).toMatch(/^Usage: npm run self-test/);
    expect(await run(['con_unknown'])).toBe(1);
    expect(lines.at(-1)).toBe('There is no connection con_unknown with an app.');
  });
});
