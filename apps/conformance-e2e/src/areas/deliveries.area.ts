import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { serverReleases } from '@reunite/ghes-client';
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
export async function readDeliveries({ ghes, simulator, version, asApp, receiver }: TestInstallation): Promise<void> {
  await simulator.send('/deliveries/settle', {});
  const listed = await all(ghes.listWebhookDeliveries(asApp));
  equal(listed.length, receiver.names.length);
  const failed = () => all(ghes.listWebhookDeliveries(asApp, { status: 'failure' }));
  if (filtersByStatus(version)) deepEqual(await failed(), []);
  else await rejects(failed, { code: 'ghes-unsupported-version' });
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

/** Releases before would ignore the filter, so that the client rejects it. */
function filtersByStatus(version: string): boolean {
  const since = serverReleases.findIndex(({ adds }) => adds.includes('filterDeliveriesByStatus'));
  return serverReleases.findIndex(({ release }) => version.startsWith(`${release}.`)) >= since;
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
