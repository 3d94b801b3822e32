import {
  connectionSchema,
  deliverySchema,
  deploymentSchema,
  logLineSchema,
  forwardPageOf,
  projectSchema,
} from '@reunite/contracts';
import type { Connection, Delivery, Deployment, LogLine, Project } from '@reunite/contracts';
import { z } from 'zod';
import type { KnownSecret } from './simulator.client.js';

const deliveries = forwardPageOf(deliverySchema, 'Deliveries');
const deployments = forwardPageOf(deploymentSchema, 'Deployments');
const log = z.object({ items: z.array(logLineSchema) });

/** A client of the API, signed in as a user of the local stack. */
export class ApiClient {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  static async signIn(url: string, user: string): Promise<ApiClient> {
    const answer = await fetch(`${url}/auth/local/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ user }),
    });
    if (answer.status === 404) return ApiClient.signInAtIssuer(url, user);
    const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0];
    if (answer.status !== 204 || !cookie) throw new Error(`The sign-in as ${user} was answered ${answer.status}.`);
    return new ApiClient(url, cookie);
  }

  /** In containers, users sign in at the local issuer. */
  private static async signInAtIssuer(url: string, user: string): Promise<ApiClient> {
    const address = (await (await fetch(`${url}/auth/sign-in`)).json()) as { url: string | null };
    if (address.url === null) throw new Error('The API has no sign-in.');
    const headers = { origin: new URL(address.url).origin };
    const body = new URLSearchParams({ user });
    const answer = await fetch(address.url, { method: 'POST', headers, body, redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie')?.split(';', 1)[0];
    if (answer.status !== 303 || !cookie) throw new Error(`The sign-in as ${user} was answered ${answer.status}.`);
    return new ApiClient(url, cookie);
  }

  secrets(): KnownSecret[] {
    return [{ kind: 'session', value: this.cookie.slice(this.cookie.indexOf('=') + 1) }];
  }

  async connection(id: string): Promise<Connection> {
    return connectionSchema.parse(await this.json(`/v1/connections/${id}`));
  }

  async project(id: string): Promise<Project> {
    return projectSchema.parse(await this.json(`/v1/projects/${id}`));
  }

  async deliveries(connectionId: string): Promise<Delivery[]> {
    return deliveries.parse(await this.json(`/v1/connections/${connectionId}/deliveries?limit=100`)).items;
  }

  /** Newest first. */
  async deployments(projectId: string): Promise<Deployment[]> {
    return deployments.parse(await this.json(`/v1/projects/${projectId}/deployments?limit=100`)).items;
  }

  async deploymentLog(id: string): Promise<LogLine[]> {
    return log.parse(await this.json(`/v1/deployments/${id}/log`)).items;
  }

  get(path: string): Promise<Response> {
    return fetch(this.url + path, { headers: { cookie: this.cookie } });
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { cookie: this.cookie, origin: this.url };
    if (body === undefined) return fetch(this.url + path, { method, headers });
    const withType = { ...headers, 'content-type': 'application/json' };
    return fetch(this.url + path, { method, headers: withType, body: JSON.stringify(body) });
  }

  private async json(path: string): Promise<unknown> {
    const answer = await this.get(path);
    if (!answer.ok) throw new Error(`The API answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  }
}
