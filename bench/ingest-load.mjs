// The load generator of bench `ingest`, a process of its own: raw sockets, because an HTTP client would take more of
// the processor than the servers it measures. Commands arrive over IPC, one at a time.
import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const SOCKETS = 32;

let target;
let payload;

process.on('message', async (command) => {
  if (command.body) payload = Buffer.from(command.body);
  target = command;
  const run = command.requests ? counted : command.perSecond ? steady : full;
  process.send(await run(command));
});

/** One connection with one request at a time. */
class Client {
  #answered = null;
  #received = '';

  static async open(port) {
    const client = new Client();
    client.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    client.socket.setEncoding('latin1').on('data', (text) => client.#take(text));
    const lost = () => client.#answered?.(0);
    client.socket.on('error', lost).on('close', lost);
    await new Promise((resolve) => client.socket.once('connect', resolve));
    return client;
  }

  /** @returns the status of the response; 0 if the connection was lost */
  post(head) {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.socket.cork();
      this.socket.write(head, 'latin1');
      this.socket.write(payload);
      this.socket.uncork();
    });
  }

  #take(text) {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const complete = length
      ? this.#received.length >= end + 4 + Number(length)
      : this.#received.endsWith('0\r\n\r\n') || / 204 /.test(head);
    if (!complete) return;
    this.#received = '';
    this.#answered?.(Number(head.slice(9, 12)));
  }
}

let sequence = 0;
const run = randomBytes(6).toString('hex');

/** Heads differ in the id of the delivery, and in the connection that the path names. */
function heads({ paths, port, secret }) {
  const signature = `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`;
  const before = (path) =>
    [
      `POST ${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      'accept: */*',
      'user-agent: GitHub-Hookshot/044aadd',
      'content-type: application/json',
      `content-length: ${payload.length}`,
      'x-github-event: push',
      'x-github-enterprise-host: ghes.example.com',
      'x-github-enterprise-version: 3.17.2',
      'x-github-hook-id: 292430182',
      'x-github-hook-installation-target-id: 7',
      'x-github-hook-installation-target-type: integration',
      `x-hub-signature-256: ${signature}`,
      'x-github-delivery: ',
    ].join('\r\n');
  const prefixes = paths.map(before);
  return () => {
    const number = sequence++;
    const guid = `${run}-${number}`;
    return { guid, head: `${prefixes[number % prefixes.length]}${guid}\r\n\r\n` };
  };
}

async function opened({ port }) {
  return Promise.all(Array.from({ length: SOCKETS }, () => Client.open(port)));
}

/** Every connection sends its next request as soon as it has the response to the last one. */
async function full({ warmupMs, ms }) {
  const clients = await opened(target);
  const next = heads(target);
  const times = [];
  const statuses = {};
  const from = performance.now() + warmupMs;
  const until = from + ms;
  const loop = async (client) => {
    for (let start = performance.now(); start < until; start = performance.now()) {
      const status = await client.post(next().head);
      const end = performance.now();
      if (start < from || end > until) continue;
      times.push(end - start);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 0) break;
    }
  };
  await Promise.all(clients.map(loop));
  for (const { socket } of clients) socket.destroy();
  return { perSecond: (times.length / ms) * 1_000, ...percentiles(times), statuses };
}

/** A number of requests over all connections. A connection that the server ends is opened again. */
async function counted({ requests }) {
  const clients = await opened(target);
  const next = heads(target);
  const statuses = {};
  let left = requests;
  await Promise.all(
    clients.map(async (first) => {
      for (let client = first; left-- > 0;) {
        const status = await client.post(next().head);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (!client.socket.destroyed && status === 202) continue;
        client.socket.destroy();
        client = await Client.open(target.port);
      }
    }),
  );
  for (const { socket } of clients) socket.destroy();
  return { statuses };
}

/**
 * Requests are due at a fixed rate. Latencies count from that time, so that a server that stalls is not spared the
 * requests that it delayed.
 */
async function steady({ warmupMs, ms, perSecond, record }) {
  const clients = await opened(target);
  const next = heads(target);
  const free = [...clients];
  const times = [];
  const sent = [];
  const statuses = {};
  const startedAt = performance.now();
  const total = Math.floor(((warmupMs + ms) / 1_000) * perSecond);
  const pending = new Set();
  const send = async (number) => {
    const dueMs = (number / perSecond) * 1_000;
    let client = free.pop();
    // The server ends connections that were idle for 5 s.
    if (client.socket.destroyed) client = await Client.open(target.port);
    const { guid, head } = next();
    if (record && dueMs >= warmupMs) sent.push([guid, performance.timeOrigin + startedAt + dueMs]);
    const status = await client.post(head);
    if (dueMs >= warmupMs) times.push(performance.now() - startedAt - dueMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
    free.push(client);
  };
  for (let number = 0; number < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    while (number < due && free.length > 0) {
      const request = send(number++).finally(() => pending.delete(request));
      pending.add(request);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  for (const { socket } of free) socket.destroy();
  return { ...percentiles(times), statuses, ...(record && { sent }) };
}

function percentiles(times) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { p50: at(0.5), p99: at(0.99) };
}
