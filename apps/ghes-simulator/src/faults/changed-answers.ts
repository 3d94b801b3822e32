import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Fault } from './fault-schema.js';

/** More than clients accept by default (Node and undici: 16 KiB). */
const HUGE_HEADER_BYTES = 128 * 1024;

/** Applies a fault to the route's answer. */
export async function changeAnswer(fault: Fault, reply: FastifyReply, payload: unknown, now: Date): Promise<unknown> {
  switch (fault.kind) {
    case 'wrong-date':
      void reply.header('date', new Date(now.getTime() + fault.seconds * 1000).toUTCString());
      return payload;
    case 'foreign-link':
      void reply.header('link', foreignLink(fault, reply.getHeader('link')));
      return payload;
    case 'wrong-type':
      void reply.header('content-type', 'application/octet-stream');
      return payload;
    case 'huge-headers':
      void reply.header('x-huge', 'x'.repeat(HUGE_HEADER_BYTES));
      return payload;
    case 'truncated-tree':
      return truncatedTree(payload);
    case 'changed-members':
      return changedMembers(fault, payload);
    case 'slow-body':
    case 'cut-body':
    case 'truncate':
      return halved(fault, reply, await whole(payload));
    default:
      return payload;
  }
}

function foreignLink({ to }: Fault, link: unknown): string {
  const own = typeof link === 'string' ? link : `<${to}/api/v3/next?page=2>; rel="next"`;
  return own.replace(/<https?:\/\/[^/]+/g, `<${to.replace(/\/$/, '')}`);
}

function changedMembers({ body, omit }: Fault, payload: unknown): string {
  const members = Object.entries({ ...(JSON.parse(String(payload)) as object), ...(body as object | undefined) });
  return JSON.stringify(Object.fromEntries(members.filter(([name]) => !omit.includes(name))));
}

function truncatedTree(payload: unknown): unknown {
  const tree = JSON.parse(String(payload)) as { tree: unknown[]; truncated: boolean };
  return JSON.stringify({ ...tree, tree: tree.tree.slice(0, tree.tree.length / 2), truncated: true });
}

async function whole(payload: unknown): Promise<Buffer> {
  if (payload instanceof Readable) return buffer(payload);
  return Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');
}

function halved({ kind, delayMs }: Fault, reply: FastifyReply, content: Buffer): unknown {
  const half = content.subarray(0, Math.floor(content.length / 2));
  void reply.removeHeader('content-length');
  if (kind === 'truncate') return half;
  // Announces the whole length, so that a client can detect the missing half.
  void reply.header('content-length', String(content.length));
  const { socket } = reply.raw;
  async function* parts() {
    yield half;
    await wait(kind === 'slow-body' ? delayMs : 50);
    if (kind === 'slow-body') yield content.subarray(half.length);
    else socket?.destroy();
  }
  return Readable.from(parts());
}
