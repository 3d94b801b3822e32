import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventStream } from './event-stream.js';

/** The parts of a response that a stream uses, without a reader. */
class UnreadResponse extends EventEmitter {
  text = '';
  writableEnded = false;
  destroyed = false;

  get writableLength(): number {
    return this.text.length;
  }

  write(text: string): void {
    this.text += text;
  }

  end(): void {
    this.writableEnded = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('an event stream', () => {
  let response: UnreadResponse;
  const open = (lasts: number) => new EventStream(response as unknown as ServerResponse, new Date(Date.now() + lasts));

  beforeEach(() => {
    jest.useFakeTimers();
    response = new UnreadResponse();
  });
  afterEach(() => void jest.useRealTimers());

  it('writes events with ids', () => {
    const sut = open(60_000);
    sut.position('7-a');
    sut.event({ id: '8-b', organizationId: 'org_a', event: { type: 'project', id: 'prj_1' } });
    expect(response.text).toContain('id: 7-a\n\nid: 8-b\ndata: {"type":"project","id":"prj_1"}\n\n');
  });

  it('sends a heartbeat every 20 seconds, and ends with the caller’s token', () => {
    open(45_000);
    jest.advanceTimersByTime(44_000);
    expect(response.text.match(/: still here/g)).toHaveLength(2);
    expect(response.writableEnded).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(response.writableEnded).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lasts as long as the token, also for a long one', () => {
    open(365 * 86_400_000);
    jest.advanceTimersByTime(60_000);
    expect(response.writableEnded).toBe(false);
  });

  it('reports lost events', () => {
    open(60_000).gap();
    expect(response.text).toContain('event: gap\n');
  });

  it('disconnects a reader that does not read', () => {
    const sut = open(60_000);
    for (let i = 0; i < 2_000 && !response.destroyed; i++) sut.position(`ref_${i}`.repeat(10));
    expect(response.destroyed).toBe(true);
    expect(response.writableLength).toBeLessThan(70_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});
