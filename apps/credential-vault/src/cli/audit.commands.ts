import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '@reunite/contracts';
import type { DataSource } from 'typeorm';
import { findAuditRecords } from '../audit/audit-query.js';
import { AuditRecordEntity } from '../audit/audit-record.entity.js';
import { verifyAudit } from '../audit/audit-verification.js';
import type { Command } from './command.js';

const violations = {
  changed: 'was changed',
  'out-of-place': 'does not follow the one before: a record was removed, added or moved',
  'cut-off': 'is missing: the end of the chain was cut off',
};

/**
 * Prints `<organization> <last record> <hash> <verdict>` per chain. A copy of the output can be compared with later.
 */
export const verifyAuditCommand: Command = async ({ args, dataSource, write }) => {
  const { values } = parseArgs({ args: [...args], options: { heads: { type: 'string' } } });
  const earlier = values.heads === undefined ? [] : parseHeads(await readFile(values.heads, 'utf8'));
  let broken = 0;
  for await (const { organizationId, records, head, violation } of verifyAudit(dataSource)) {
    const verdict = violation ? `BROKEN: record ${violation.seq} ${violations[violation.kind]}` : 'ok';
    if (violation) broken += 1;
    write([organizationId || '-', records, head || '-', verdict].join('\t'));
  }
  for (const line of earlier) {
    if (await isUnchanged(dataSource, line)) continue;
    broken += 1;
    write(`${line.organizationId || '-'}\tBROKEN: record ${line.seq} differs from the earlier copy`);
  }
  write(broken === 0 ? 'The audit is intact.' : `The audit is NOT intact: ${broken} violation(s).`);
  return broken === 0 ? 0 : 1;
};

interface EarlierHead {
  readonly organizationId: string;
  readonly seq: number;
  readonly hash: string;
}

function parseHeads(text: string): EarlierHead[] {
  return text.split('\n').flatMap((line) => {
    const [organization = '', seq = '', hash = ''] = line.split('\t');
    if (!/^[0-9]+$/.test(seq) || !/^[0-9a-f]{64}$/.test(hash)) return [];
    return [{ organizationId: organization === '-' ? '' : organization, seq: Number(seq), hash }];
  });
}

async function isUnchanged(dataSource: DataSource, { organizationId, seq, hash }: EarlierHead): Promise<boolean> {
  const record = await dataSource.getRepository(AuditRecordEntity).findOneBy({ organizationId, seq });
  return record?.hash.toString('hex') === hash;
}

export const listAudit: Command = async ({ args, dataSource, write }) => {
  const text = { type: 'string' } as const;
  const options = { organization: text, connection: text, caller: text, since: text, until: text, limit: text };
  const { values } = parseArgs({ args: [...args], options });
  const records = await findAuditRecords(dataSource, {
    organizationId: values.organization,
    connectionId: values.connection,
    caller: values.caller,
    since: time('since', values.since ?? '1970-01-01T00:00:00Z'),
    until: time('until', values.until ?? '9999-01-01T00:00:00Z'),
    limit: wholeNumber('limit', values.limit ?? '100'),
  });
  for (const { hash, previousHash: _previous, ...record } of records) {
    write(JSON.stringify({ ...record, hash: hash.toString('hex') }));
  }
  return 0;
};

function time(name: string, value: string): Date {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) throw new InvalidInputError(`--${name} is not a time: ${value}`);
  return at;
}

function wholeNumber(name: string, value: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(value)) throw new InvalidInputError(`--${name} is not a number: ${value}`);
  return Number(value);
}
