import { z } from 'zod';
import type { LocalStack } from './local-stack.js';

const usersSchema = z.object({
  users: z.array(z.object({ name: z.string(), organizationName: z.string(), roles: z.array(z.string()) })),
});

/** The text that `npm start` prints: URLs, users and folders. */
export async function summaryOf(stack: LocalStack, seconds: number): Promise<string> {
  const { urls, data } = stack;
  const rows: [string, string][] = [
    ['Console', urls.console],
    ['', `sign in as ${(await signInUsers(urls.api)).join(' · ')}`],
    ['API', `${urls.api}/v1 · OpenAPI description: ${urls.api}/openapi.json`],
    ['GHES simulator', urls.simulator],
    ['', 'octocat / octocat-password (owner of acme) · hubot / hubot-password (member of acme)'],
    ['', 'mallory / mallory-password (owner of globex)'],
    ['Preview host', urls.previewUrlTemplate.replace('{host}', '<deployment>')],
    ['Webhooks', urls.ingest],
    ['Clone', `git clone ${urls.simulator.replace('://', '://octocat:octocat-password@')}/acme/docs.git`],
    ['Data and logs', `${data.root} · ${data.logs}`],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`);
  return ['', ...lines, '', `Ready in ${seconds.toFixed(1)} s. Press Ctrl-C to stop. The data stays.`, ''].join('\n');
}

async function signInUsers(api: string): Promise<string[]> {
  const answer = await fetch(`${api}/auth/local/users`);
  const { users } = usersSchema.parse(await answer.json());
  return users.map(({ name, organizationName, roles }) => `${name} (${organizationName}, ${roles.join(', ')})`);
}
