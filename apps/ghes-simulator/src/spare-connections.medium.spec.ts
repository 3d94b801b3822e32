import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { SimulatorUnderTest } from '../test/simulator-under-test.js';

it('stops at once although a browser holds a connection that it never used', async () => {
  const sut = await SimulatorUnderTest.start();
  const spare = connect(Number(new URL(sut.url).port), '127.0.0.1');
  await once(spare, 'connect');
  // The server has it, too, when it answers a later one.
  await sut.api('GET', '/meta');
  const ended = once(spare, 'close');
  await sut.stop();
  await ended;
  expect(spare.destroyed).toBe(true);
}, 5_000);
