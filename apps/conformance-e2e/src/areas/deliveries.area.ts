import { deepEqual, equal, ok } from 'node:assert/strict';
import { all } from '../stage.js';
import type { InstalledStage } from '../stage.js';

/** What an app must hear of in this scenario. */
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

/** The log of deliveries, and one of them sent again. */
export async function readDeliveries({ ghes, simulator, asApp, receiver }: InstalledStage): Promise<void> {
  await simulator.tell('/deliveries/settle', {});
  const listed = await all(ghes.listWebhookDeliveries(asApp));
  equal(listed.length, receiver.names.length);
  deepEqual(await all(ghes.listWebhookDeliveries(asApp, { status: 'failure' })), []);
  const [newest] = listed;
  ok(newest);
  const { guid, request } = await ghes.getWebhookDelivery(asApp, { deliveryId: newest.id });
  equal(guid, newest.guid);
  ok(request.payload);

  await ghes.redeliverWebhookDelivery(asApp, { deliveryId: newest.id });
  await simulator.tell('/deliveries/settle', {});
  const again = (await all(ghes.listWebhookDeliveries(asApp))).filter((item) => item.guid === guid);
  deepEqual(
    again.map(({ redelivery }) => redelivery),
    [true, false],
  );
}

/** The end: tokens and installation go, and everything was heard of. */
export async function removeApp({ ghes, simulator, receiver, ...stage }: InstalledStage): Promise<void> {
  await ghes.revokeInstallationAccessToken(stage.asInstallation);
  await simulator.tell(`/installations/${stage.installationId}/uninstall`, {});
  await simulator.tell('/deliveries/settle', {});
  deepEqual(await all(ghes.listInstallations(stage.asApp)), []);
  deepEqual(receiver.unsigned(), [], 'deliveries with a wrong signature');
  const silent = expected.filter((name) => !receiver.names.includes(name));
  deepEqual(silent, [], 'events that were not delivered');
}
