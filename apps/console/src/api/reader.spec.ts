import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Reader } from './reader.js';

describe('Reader', () => {
  const answers: ((answer: string) => void)[] = [];
  const load = jest.fn((_signal: AbortSignal) => new Promise<string>((resolve) => answers.push(resolve)));
  const onAnswer = jest.fn();
  const onError = jest.fn();

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    answers.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('combines several reasons to read within a short time', async () => {
    const sut = new Reader({ load, onAnswer, onError });
    for (let reason = 0; reason < 5; reason += 1) sut.readSoon();
    await jest.advanceTimersByTimeAsync(200);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('reads again if a change arrived during a read', async () => {
    const sut = new Reader({ load, onAnswer, onError });
    void sut.read();
    sut.readSoon();
    await jest.advanceTimersByTimeAsync(200);
    expect(load).toHaveBeenCalledTimes(1);
    answers[0]!('old');
    await jest.advanceTimersByTimeAsync(200);
    answers[1]!('new');
    await jest.advanceTimersByTimeAsync(200);
    expect(onAnswer.mock.calls).toEqual([['old'], ['new']]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('emits nothing after it was stopped', async () => {
    const sut = new Reader({ load, onAnswer, onError });
    void sut.read();
    sut.stop();
    answers[0]!('late');
    sut.readSoon();
    await jest.advanceTimersByTimeAsync(200);
    expect(load.mock.calls[0]?.[0].aborted).toBe(true);
    expect(load).toHaveBeenCalledTimes(1);
    expect(onAnswer).not.toHaveBeenCalled();
  });

  it('reports the error of a failed read, and can read again', async () => {
    const failure = new Error('away');
    load.mockRejectedValueOnce(failure);
    const sut = new Reader({ load, onAnswer, onError });
    await sut.read();
    expect(onError).toHaveBeenCalledWith(failure);
    void sut.read();
    answers[0]!('back');
    await jest.advanceTimersByTimeAsync(0);
    expect(onAnswer).toHaveBeenCalledWith('back');
  });
});
