import { describe, expect, it } from '@jest/globals';
import { collect } from '../test/collect.js';
import { packIn, piecesOf } from '../test/read-objects.js';
import { parseCapabilityAdvertisement } from './capability-advertisement.js';
import { fetchRequest } from './fetch.js';
import { readPackfile } from './packfile.js';
import { lsRefsRequest, parseLsRefs } from './ls-refs.js';
import { encodePacket } from './pkt-line.js';
import type { Packet } from './pkt-line.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const flush: Packet = { type: 'flush' };
const delim: Packet = { type: 'delim' };
const answer = (...packets: (Packet | string)[]) => Buffer.concat(packets.map(encodePacket));

describe('requests', () => {
  it('list refs', () => {
    expect(lsRefsRequest({ refPrefixes: ['refs/heads/'], unborn: true }).toString()).toBe(
      answer(
        'command=ls-refs\n',
        'agent=reunite-ghes-bridge\n',
        'object-format=sha1\n',
        delim,
        'peel\n',
        'symrefs\n',
        'unborn\n',
        'ref-prefix refs/heads/\n',
        flush,
      ).toString(),
    );
  });

  it('fetch the changes since a stored commit', () => {
    expect(fetchRequest({ wants: [A], haves: [B], shallow: [B], depth: 1 }).toString()).toBe(
      answer(
        'command=fetch\n',
        'agent=reunite-ghes-bridge\n',
        'object-format=sha1\n',
        delim,
        'thin-pack\n',
        'no-progress\n',
        'ofs-delta\n',
        `shallow ${B}\n`,
        'deepen 1\n',
        `want ${A}\n`,
        `have ${B}\n`,
        'done\n',
        flush,
      ).toString(),
    );
  });

  it('reject an argument that would inject another', () => {
    expect(() => fetchRequest({ wants: [`${A}\n0000`] })).toThrow('is not an object id');
    expect(() => lsRefsRequest({ refPrefixes: ['refs/\nunborn'] })).toThrow(RangeError);
  });

  it('accept a prefix with a space that git allows', () => {
    const prefix = 'refs/heads/a\u00a0b\u3000c';
    expect(lsRefsRequest({ refPrefixes: [prefix] }).toString()).toContain(`ref-prefix ${prefix}\n`);
  });
});

describe('parseLsRefs', () => {
  it('reads refs, symbolic refs, peeled tags and an unborn HEAD', () => {
    const body = answer(
      `${A} HEAD symref-target:refs/heads/main\n`,
      `${B} refs/tags/v1 peeled:${A}\n`,
      'unborn HEAD symref-target:refs/heads/main',
      flush,
    );
    expect(parseLsRefs(body)).toEqual([
      { name: 'HEAD', id: A, symrefTarget: 'refs/heads/main' },
      { name: 'refs/tags/v1', id: B, peeled: A },
      { name: 'HEAD', id: null, symrefTarget: 'refs/heads/main' },
    ]);
    expect(parseLsRefs(answer(flush))).toEqual([]);
  });

  it('names the object format of a repository with SHA-256 ids', () => {
    const body = Buffer.concat([encodePacket(`${'a'.repeat(64)} refs/heads/main\n`), encodePacket({ type: 'flush' })]);
    expect(() => parseLsRefs(body)).toThrow(expect.objectContaining({ code: 'object-format-unsupported' }));
  });

  it('rejects an incomplete list', () => {
    expect(() => parseLsRefs(answer(`${A} refs/heads/main\n`))).toThrow(
      expect.objectContaining({ code: 'remote-response-malformed', retryable: true }),
    );
    expect(() => parseLsRefs(Buffer.alloc(0))).toThrow('is incomplete');
    expect(() => parseLsRefs(answer('hello', flush))).toThrow('an invalid ref');
  });
});

describe('readPackfile', () => {
  it('returns the pack, and skips the other sections', async () => {
    const body = answer(
      'acknowledgments\n',
      `ACK ${B}\n`,
      'ready\n',
      delim,
      'shallow-info\n',
      `shallow ${A}\n`,
      `unshallow ${B}\n`,
      delim,
      'packfile\n',
      '\x02Counting\n',
      '\x01PA',
      '\x01CK',
      flush,
    );
    expect((await packIn(body)).toString()).toBe('PACK');
    const pieces = await collect(readPackfile(piecesOf(body, 1)));
    expect(Buffer.concat(pieces).toString()).toBe('PACK');
  });

  it('reads the response to its end, so that the connection can be used again', async () => {
    let isAtEnd = false;
    const response = function* () {
      yield answer('packfile\n', '\x01PACK', flush);
      isAtEnd = true;
    };
    await collect(readPackfile(response()));
    expect(isAtEnd).toBe(true);
  });

  it("quotes the server's error on one line", async () => {
    const failed = answer('packfile\n', '\x01PA', '\x03fatal:\n out of memory\n', flush);
    await expect(packIn(failed)).rejects.toThrow(
      expect.objectContaining({
        code: 'remote-failed',
        retryable: true,
        message: expect.stringContaining('fatal:  out of memory'),
      }),
    );
    await expect(packIn(answer('ERR access denied'))).rejects.toThrow(
      expect.objectContaining({ code: 'remote-rejected', retryable: false }),
    );
    await expect(packIn(answer(`ERR upload-pack: not our ref ${A}`))).rejects.toThrow(
      expect.objectContaining({ code: 'remote-object-missing' }),
    );
  });

  it.each([
    ['no pack', answer('acknowledgments\n', 'NAK\n', flush)],
    ['half a pack', answer('packfile\n', '\x01PA')],
    ['an unknown side band', answer('packfile\n', '\x04PA', flush)],
    ['a page of HTML', Buffer.from('<!doctype html>')],
  ])('rejects %s', async (_, body) => {
    await expect(packIn(body)).rejects.toThrow(expect.objectContaining({ code: 'remote-response-malformed' }));
  });
});

describe('parseCapabilityAdvertisement', () => {
  it('reads the capabilities, with and without the service line', () => {
    const lines = [
      'version 2\n',
      'agent=git/2.39.5\n',
      'ls-refs=unborn\n',
      'fetch=shallow wait-for-done\n',
      'server-option\n',
      'object-format=sha256\n',
      flush,
    ];
    for (const body of [answer(...lines), answer('# service=git-upload-pack\n', flush, ...lines)]) {
      const parsed = parseCapabilityAdvertisement(body);
      expect(parsed).toMatchObject({ agent: 'git/2.39.5', objectFormat: 'sha256' });
      expect(parsed.capabilities.get('ls-refs')).toBe('unborn');
      expect(parsed.capabilities.get('server-option')).toBeNull();
    }
  });

  it('rejects a server without protocol version 2', () => {
    expect(() =>
      parseCapabilityAdvertisement(answer('# service=git-upload-pack\n', flush, `${A} HEAD\0multi_ack`, flush)),
    ).toThrow('version 2');
  });
});
