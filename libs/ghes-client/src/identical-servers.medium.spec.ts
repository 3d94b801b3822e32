import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { json, TestServers } from '../test/test-servers.js';
import { createInstallationAccessToken, getRepository, gitUploadPack } from './operations/index.js';

const servers = new TestServers();

afterEach(() => servers.close());

const account = { id: 2, login: 'acme', type: 'Organization' };
const docs = { owner: 'acme', repo: 'docs' };
const flags = { private: true, fork: false, default_branch: 'main', html_url: 'h', owner: account };
const gitResult = { 'content-type': 'application/x-git-upload-pack-result' };

/** Starts a server that returns its number and the credential of each request. */
async function startNumbered(number: number): ReturnType<TestServers['serve']> {
  let minted = 0;
  return servers.serve(({ url, headers }, response) => {
    const authorization = headers.authorization ?? '';
    if (url.endsWith('/access_tokens')) {
      minted += 1;
      json(response, { token: `server-${number}-token-${minted}`, expires_at: '2026-01-01T00:00:00Z' }, 201);
    } else if (url === '/api/graphql') json(response, { data: { server: number, authorization } });
    else if (url.endsWith('git-upload-pack')) response.writeHead(200, gitResult).end(`${number} ${authorization}`);
    else json(response, { ...flags, id: 1, name: `${number}`, full_name: authorization });
  });
}

describe('two servers with the same app, installation and repository ids (P6)', () => {
  it('keep their tokens apart in minting, REST, GraphQL and git, in more than 1,000 interleaved calls', async () => {
    const pair = await Promise.all([startNumbered(0), startNumbered(1)]);
    const networks = pair.map(() => servers.network());
    const wrong: unknown[] = [];
    const session = async (index: number): Promise<void> => {
      const { origin } = pair[index]!;
      const network = networks[index]!;
      const jwt = (): Promise<string> => Promise.resolve(`server-${index}-jwt`);
      const app = servers.client(origin, { network, auth: { type: 'app', jwt } });
      const minted = await createInstallationAccessToken(app, { installationId: 7, repositoryIds: [1] });
      const token = async (): Promise<string> => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
        return minted.token;
      };
      const options = { network, quota: 'installation:7', auth: { type: 'installation', token } } as const;
      const client = servers.client(origin, options);
      const basic = `Basic ${Buffer.from(`x-access-token:${minted.token}`).toString('base64')}`;
      const read = async (): Promise<[string, string]> => {
        const { name, full_name } = await getRepository(client, docs);
        return [name, full_name];
      };
      const [first, second, graph, git] = await Promise.all([
        read(),
        read(),
        client.graphql('{ x }', {}, z.object({ server: z.number(), authorization: z.string() })),
        gitUploadPack({ origin, network, ...docs, body: '0000', token }),
      ]);
      const bearer = [`${index}`, `Bearer ${minted.token}`];
      const mine = minted.token.startsWith(`server-${index}-`);
      const answers = [
        first,
        second,
        [String(graph.server), graph.authorization],
        git.toString().split(/ (.*)/).slice(0, 2),
      ];
      if (!mine || JSON.stringify(answers) !== JSON.stringify([bearer, bearer, bearer, [`${index}`, basic]])) {
        wrong.push(answers);
      }
    };
    await Promise.all(Array.from({ length: 240 }, (_, n) => session(n % 2)));
    expect(wrong).toEqual([]);
    expect(pair.map(({ requests }) => requests.length)).toEqual([600, 600]);
    for (const [index, { requests }] of pair.entries()) {
      const foreign = requests.filter(({ headers }) => {
        const [, secret = ''] = (headers.authorization ?? '').split(' ');
        const text = secret.startsWith('server-') ? secret : Buffer.from(secret, 'base64').toString();
        return !text.includes(`server-${index}-`);
      });
      expect(foreign).toEqual([]);
    }
  });
});
