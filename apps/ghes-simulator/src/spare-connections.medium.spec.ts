import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { TestSimulator } from '../test/test-simulator.js';

it('stops at once although a browser keeps an unused connection open', async () => {
  const server = await TestSimulator.start();
  const spare = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(spare, 'connect');
  // The server has it, too, when it answers a later one.
  await server.api('GET', '/meta');
  const ended = once(spare, 'close');
  await server.stop();
  await ended;
  expect(spare.destroyed).toBe(true);
}, 5_000);
