import { describe, expect, it } from '@jest/globals';
import { MalformedDeliveryError, parseDelivery } from './parse-delivery.rules.js';

const owner = { login: 'acme', id: 4, type: 'Organization' };
const repository = { id: 7, name: 'docs', full_name: 'acme/docs', default_branch: 'main', owner, private: true };
const expected = { id: 7, name: 'docs', owner: { login: 'acme' } };
const zero = '0'.repeat(40);
const commit = 'a'.repeat(40);
const body = (payload: unknown) => Buffer.from(JSON.stringify(payload));

const push = {
  ref: 'refs/heads/main',
  before: zero,
  after: commit,
  created: true,
  deleted: false,
  forced: false,
  repository: { ...repository, owner: { ...owner, name: 'acme', email: null }, created_at: 1_700_000_000 },
  pusher: { name: 'mona', email: 'mona@example.com' },
  sender: { login: 'mona', id: 5 },
  installation: { id: 3, node_id: 'x' },
  commits: [{ id: commit }],
};
const pullRequest = {
  action: 'opened',
  number: 12,
  pull_request: {
    title: 'Better words',
    state: 'open',
    merged: false,
    draft: true,
    user: { login: 'mona' },
    html_url: 'https://ghes.example.com/acme/docs/pull/12',
    updated_at: '2026-01-02T03:04:05Z',
    head: { ref: 'words', sha: commit, repo: { id: 7 } },
    base: { ref: 'main', sha: commit, repo: { id: 7 } },
  },
  repository,
};
const installation = {
  id: 3,
  app_id: 2,
  account: owner,
  repository_selection: 'selected',
  suspended_at: null,
  permissions: { contents: 'write' },
};

const parse = (event: string, payload: Buffer) => parseDelivery({ event, form: false, body: payload });

describe('parseDelivery', () => {
  it('reads the needed fields of a push and drops the rest', () => {
    expect(parseDelivery({ event: 'push', form: false, body: body(push) })).toEqual({
      event: 'push',
      action: null,
      source: { repository: 'acme/docs', sender: 'mona' },
      payload: {
        ref: 'refs/heads/main',
        before: zero,
        after: commit,
        repository: { ...expected, owner: { login: 'acme', name: 'acme' } },
        installation: { id: 3 },
      },
    });
  });

  it('discriminates events and reads their actions', () => {
    const ref = { ref: 'words', ref_type: 'branch', repository };
    const changes = { repositories_added: [{ id: 7, name: 'docs' }], repositories_removed: [] };
    const parsed = [
      parseDelivery({ event: 'create', form: false, body: body(ref) }),
      parseDelivery({ event: 'delete', form: false, body: body({ ...ref, ref_type: 'tag' }) }),
      parseDelivery({ event: 'pull_request', form: false, body: body(pullRequest) }),
      parseDelivery({ event: 'installation', form: false, body: body({ action: 'suspend', installation }) }),
      parseDelivery({
        event: 'installation_repositories',
        form: false,
        body: body({ action: 'added', installation, ...changes }),
      }),
      parseDelivery({ event: 'ping', form: false, body: body({ zen: 'Design for failure.', hook_id: 1 }) }),
      parseDelivery({ event: 'star', form: false, body: body({ action: 'created', repository: 'whatever' }) }),
    ];
    expect(parsed.map(({ event, action }) => [event, action])).toEqual([
      ['create', null],
      ['delete', null],
      ['pull_request', 'opened'],
      ['installation', 'suspend'],
      ['installation_repositories', 'added'],
      ['ping', null],
      ['ignored', 'created'],
    ]);
  });

  it('reads a pull request whose author and fork were deleted', () => {
    const { head } = pullRequest.pull_request;
    const orphan = { ...pullRequest.pull_request, user: null, head: { ...head, repo: null } };
    const parsed = parseDelivery({
      event: 'pull_request',
      form: false,
      body: body({ ...pullRequest, pull_request: orphan }),
    });
    expect(parsed).toMatchObject({ payload: { pull_request: { user: null, head: { repo: null } } } });
  });

  it('reads the payload of a form', () => {
    const payload = JSON.stringify({ ref: 'a & b=ü', ref_type: 'branch', repository });
    const form = Buffer.from(new URLSearchParams({ payload }).toString());
    const parsed = parseDelivery({ event: 'create', form: true, body: form });
    expect(parsed).toMatchObject({ event: 'create', payload: { ref: 'a & b=ü' } });
    const other = { event: 'create', form: true, body: Buffer.from('json=%7B%7D') };
    expect(() => parseDelivery(other)).toThrow('has no field "payload"');
  });

  it('attack: of a form with 12 million fields, only the payload is decoded', () => {
    const fields = Buffer.from('a&'.repeat(12_000_000));
    const payload = Buffer.from(`payload=${encodeURIComponent('{"action":"a&b=c"}')}&`);
    const before = process.cpuUsage();
    for (const form of [Buffer.concat([fields, payload]), Buffer.concat([payload, fields])]) {
      expect(parseDelivery({ event: 'star', form: true, body: form })).toMatchObject({
        event: 'ignored',
        action: 'a&b=c',
      });
    }
    const { user, system } = process.cpuUsage(before);
    // Decoding all fields takes more than a second for each form.
    expect((user + system) / 1_000).toBeLessThan(800);
  });

  it('attack: reads deep JSON, invalid UTF-8 and keys of prototypes without harm', () => {
    const deep = Buffer.from(`{"repository":{"id":7},"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(parseDelivery({ event: 'push', form: false, body: deep })).toMatchObject({
      event: 'unreadable',
      githubId: 7,
    });
    const invalid = Buffer.from([...Buffer.from('{"sender":{"login":"'), 0xff, 0xc0, ...Buffer.from('"}}')]);
    expect(parseDelivery({ event: 'star', form: false, body: invalid }).source.sender).toBe('\ufffd\ufffd');
    const keys = Buffer.from('{"__proto__":{"action":"opened"},"constructor":{"prototype":{"polluted":true}}}');
    expect(parseDelivery({ event: 'star', form: false, body: keys })).toMatchObject({ event: 'ignored', action: null });
    expect('polluted' in {}).toBe(false);
  });

  it('ignores an event that is named like a property of Object', () => {
    expect(parseDelivery({ event: 'constructor', form: false, body: body({}) })).toEqual({
      event: 'ignored',
      action: null,
      source: { repository: null, sender: null },
    });
  });

  it.each<[string, object, object]>([
    ['whether it is merged', { pull_request: { ...pullRequest.pull_request, merged: null } }, { merged: false }],
    ['whether it is a draft', { pull_request: { ...pullRequest.pull_request, draft: null } }, { draft: false }],
    ['its author', { pull_request: { ...pullRequest.pull_request, user: undefined } }, { user: null }],
    ['its sender', { sender: null }, {}],
    ['the owner of its repository', { repository: { ...repository, owner: null } }, {}],
  ])('reads a pull request without %s', (_, change, expected) => {
    const parsed = parse('pull_request', body({ ...pullRequest, ...change }));
    expect(parsed).toMatchObject({ event: 'pull_request', payload: { number: 12, pull_request: expected } });
  });

  it('reads a pull request whose number is only in its nested object', () => {
    const inside = { ...pullRequest.pull_request, number: 12 };
    const parsed = parse('pull_request', body({ ...pullRequest, number: undefined, pull_request: inside }));
    expect(parsed).toMatchObject({ payload: { number: 12 } });
  });

  it.each(['pusher', 'created', 'deleted', 'forced', 'sender', 'installation', 'commits'])(
    'reads a push without %s',
    (field) => {
      expect(parse('push', body({ ...push, [field]: undefined }))).toMatchObject({ event: 'push' });
      expect(parse('push', body({ ...push, [field]: null }))).toMatchObject({ event: 'push' });
    },
  );

  it('requires no field of an installation', () => {
    const enterprise = { id: 3, account: { slug: 'acme', name: 'Acme' } };
    expect(parse('installation', body({ action: 'created', installation: enterprise }))).toMatchObject({
      event: 'installation',
    });
    expect(parse('installation', body({}))).toMatchObject({ event: 'installation' });
  });

  it('returns the repository of a payload that lacks a needed field, naming fields and no values', () => {
    const parsed = parse('push', body({ ...push, after: 'secret-value' }));
    expect(parsed).toMatchObject({ event: 'unreadable', githubId: 7 });
    expect(JSON.stringify(parsed)).toMatch(/after: /);
    expect(JSON.stringify(parsed)).not.toContain('secret-value');
    expect(parse('push', body({ ...push, repository: undefined }))).toMatchObject({ githubId: null });
  });

  it.each(['', '{', '[]', 'null', '"text"'])('rejects %j as a body', (text) => {
    expect(() => parseDelivery({ event: 'star', form: false, body: Buffer.from(text) })).toThrow(
      MalformedDeliveryError,
    );
  });
});
