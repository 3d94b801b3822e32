import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveFeed } from './live-feed.js';

class Source {
  readyState = 0;
  onopen = (): void => undefined;
  onerror = (): void => undefined;
  onmessage = (_message: { data: string }): void => undefined;
  readonly close = jest.fn();
  onGap = (): void => undefined;
  addEventListener(_type: 'gap', listener: () => void): void {
    this.onGap = listener;
  }
}

describe('LiveFeed', () => {
  const sources: Source[] = [];
  const sut = () =>
    new LiveFeed(() => {
      const source = new Source();
      sources.push(source);
      return source as unknown as EventSource;
    });

  beforeEach(() => {
    jest.useFakeTimers();
    sources.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes events on, and reloads everything after a gap, but not when the browser reconnects without one', () => {
    const feed = sut();
    const listener = jest.fn();
    const unsubscribe = feed.subscribe(listener);
    feed.open();
    sources[0]!.onopen();
    sources[0]!.onGap();
    sources[0]!.onmessage({ data: '{"type":"ref","id":"ref_1"}' });
    sources[0]!.onopen();
    sources[0]!.onGap();
    unsubscribe();
    sources[0]!.onmessage({ data: '{"type":"ref","id":"ref_2"}' });
    expect(listener.mock.calls).toEqual([['resync'], [{ type: 'ref', id: 'ref_1' }], ['resync']]);
  });

  it('reopens a rejected stream with increasing delays', () => {
    const feed = sut();
    feed.open();
    for (const [index, wait] of [1_000, 2_000, 4_000].entries()) {
      sources[index]!.readyState = 2;
      sources[index]!.onerror();
      jest.advanceTimersByTime(wait - 1);
      expect(sources).toHaveLength(index + 1);
      jest.advanceTimersByTime(1);
      expect(sources).toHaveLength(index + 2);
    }
  });

  it('lets the browser reconnect and reports the state', () => {
    const feed = sut();
    const watcher = jest.fn();
    feed.watch(watcher);
    feed.open();
    sources[0]!.onerror();
    expect(feed.isInterrupted()).toBe(true);
    jest.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    sources[0]!.onopen();
    expect(feed.isInterrupted()).toBe(false);
    expect(watcher).toHaveBeenCalledTimes(2);
  });

  it('stays closed', () => {
    const feed = sut();
    feed.open();
    sources[0]!.readyState = 2;
    sources[0]!.onerror();
    feed.close();
    jest.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    expect(sources[0]!.close).toHaveBeenCalled();
  });
});
