import { deepEqual, equal, ok } from 'node:assert/strict';
import { all } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';

/** Events that the scenario must deliver to the app. */
const expected = [
  'create',
  'delete',
  'installation.created',
  'installation.suspend',
  'installation.unsuspend',
  'installation.deleted',
  'installation_repositories.added',
  'installation_repositories.removed',
  'ping',
  'pull_request.closed',
  'pull_request.edited',
  'pull_request.opened',
  'pull_request.reopened',
  'pull_request.synchronize',
  'push',
];

/** Lists the deliveries and redelivers one of them. */
export async function readDeliveries({ ghes, simulator, asApp, receiver }: TestInstallation): Promise<void> {
  await simulator.send('/deliveries/settle', {});
  const listed = await all(ghes.listWebhookDeliveries(asApp));
  equal(listed.length, receiver.names.length);
  deepEqual(await all(ghes.listWebhookDeliveries(asApp, { status: 'failure' })), []);
  deepEqual((await ghes.getWebhookDeliveryPage(asApp)).deliveries, listed);
  const [newest] = listed;
  ok(newest);
  const { guid, request } = await ghes.getWebhookDelivery(asApp, { deliveryId: newest.id });
  equal(guid, newest.guid);
  ok(request.payload);

  await ghes.redeliverWebhookDelivery(asApp, { deliveryId: newest.id });
  await simulator.send('/deliveries/settle', {});
  const again = (await all(ghes.listWebhookDeliveries(asApp))).filter((item) => item.guid === guid);
  deepEqual(
    again.map(({ redelivery }) => redelivery),
    [true, false],
  );
}

/** Revokes the token, uninstalls the app and checks that every expected event was delivered. */
export async function removeApp({ ghes, simulator, receiver, ...installation }: TestInstallation): Promise<void> {
  await ghes.revokeInstallationAccessToken(installation.asInstallation);
  await simulator.send(`/installations/${installation.installationId}/uninstall`, {});
  await simulator.send('/deliveries/settle', {});
  deepEqual(await all(ghes.listInstallations(installation.asApp)), []);
  deepEqual(receiver.unsigned(), [], 'deliveries with a wrong signature');
  const undelivered = expected.filter((name) => !receiver.names.includes(name));
  deepEqual(undelivered, [], 'events that were not delivered');
}
