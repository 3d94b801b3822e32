import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

const REQUEST_MS = 20_000;

/**
 * Sends signed deliveries and records the answers. A delivery without a 2xx is sent again, as a server would on demand.
 */
export class DeliverySender {
  /** Ids that were answered 2xx at least once. */
  readonly accepted = new Set<string>();
  /** Answers other than 2xx, by status; 0 for a lost connection. */
  readonly rejections = new Map<number, number>();
  sent = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly target: WebhookTarget) {}

  /**
   * Sends deliveries from several loops. A tenth is sent twice.
   *
   * @param isEnough called with the number of accepted deliveries before each one; ends the loop
   * @param pauseMs pause of each loop between two deliveries, in milliseconds
   */
  async run(
    isEnough: (accepted: number) => boolean,
    loops: number,
    pauseMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const loop = async () => {
      while (!isEnough(this.accepted.size) && !signal.aborted) {
        const number = this.sent++;
        const guid = randomUUID();
        await this.postUntilAccepted(guid, number, signal);
        if (number % 10 === 0) await this.post(guid, number);
        await pause(pauseMs);
      }
    };
    await Promise.all(Array.from({ length: loops }, loop));
    this.agent.destroy();
  }

  private async postUntilAccepted(guid: string, number: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      if ((await this.post(guid, number)) || signal.aborted) return;
      await pause(200);
    }
  }

  private async post(guid: string, number: number): Promise<boolean> {
    const { event, body } = deliveryOf(number);
    const status = await this.send(guid, event, body);
    const isAccepted = status >= 200 && status < 300;
    if (isAccepted) this.accepted.add(guid);
    else this.rejections.set(status, (this.rejections.get(status) ?? 0) + 1);
    return isAccepted;
  }

  private send(guid: string, event: string, body: string): Promise<number> {
    const signature = createHmac('sha256', this.target.secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-hub-signature-256': `sha256=${signature}`,
    };
    return new Promise((resolve) => {
      const sent = request(this.target.url, { method: 'POST', agent: this.agent, headers, timeout: REQUEST_MS });
      sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(0)).on('close', () => resolve(0));
      sent.end(body);
    });
  }
}

const BRANCHES = 20;

/** Mostly pushes to a few branches, some of which carry 50 KB, and events that are not used. */
function deliveryOf(number: number): { readonly event: string; readonly body: string } {
  const repository = { id: 1, name: 'docs', private: true, default_branch: 'main', owner: { login: 'acme' } };
  if (number % 5 === 0) return { event: 'star', body: JSON.stringify({ action: 'created', repository }) };
  const commit = (value: number) => value.toString(16).padStart(40, '0');
  const push = {
    ref: `refs/heads/chaos-${number % BRANCHES}`,
    ...{ before: commit(number + 1), after: commit(number + 2) },
    ...{ created: false, deleted: false, forced: false, pusher: { name: 'ada' } },
    repository,
    filler: 'x'.repeat(number % 50 === 1 ? 50_000 : 500),
  };
  return { event: 'push', body: JSON.stringify(push) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
