import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { LiveSignal } from './live.rules.js';
import { LiveFeed } from './live-feed.js';
import { invalidateByEvents } from './live-invalidation.js';

const answers: ((answer: string) => void)[] = [];
const read = jest.fn(() => new Promise<string>((resolve) => answers.push(resolve)));

class TestFeed extends LiveFeed {
  private emitTo: ((signal: LiveSignal) => void) | undefined;
  constructor() {
    super(() => new EventSource('/v1/events'));
  }
  override subscribe(listener: (signal: LiveSignal) => void): () => void {
    this.emitTo = listener;
    return () => (this.emitTo = undefined);
  }
  push(): void {
    this.emitTo?.({ type: 'deployment', id: 'dep_1', projectId: 'prj_1' });
  }
}

describe('a live event', () => {
  const feed = new TestFeed();
  let client: QueryClient;
  let stop: () => void;
  let unobserve: () => void;

  beforeEach(async () => {
    jest.useFakeTimers();
    read.mockClear();
    answers.length = 0;
    client = new QueryClient();
    stop = invalidateByEvents(feed, client);
    const options = {
      queryKey: ['deployment', '/v1/deployments/dep_1'],
      meta: { deploymentId: 'dep_1' },
      queryFn: read,
    };
    unobserve = new QueryObserver(client, options).subscribe(() => undefined);
    answers[0]?.('first');
    await jest.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    unobserve();
    stop();
    client.clear();
    jest.useRealTimers();
  });

  it('reads the response again, once for several events', async () => {
    for (let event = 0; event < 5; event += 1) feed.push();
    await jest.advanceTimersByTimeAsync(200);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('reads the response again after the running read, which may miss the change', async () => {
    feed.push();
    await jest.advanceTimersByTimeAsync(200);
    feed.push();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(2);
    answers[1]?.('second');
    await jest.advanceTimersByTimeAsync(200);
    expect(read).toHaveBeenCalledTimes(3);
    answers[2]?.('third');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('changes nothing after it is stopped', async () => {
    feed.push();
    stop();
    await jest.advanceTimersByTimeAsync(200);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
