import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../test/test-vault.js';
import type { ConnectedTenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

describe("the server's log of webhook deliveries", () => {
  const context = useTestVault();
  let tenant: ConnectedTenant;
  const worker = () => context.vault.as['sync-worker'];

  beforeAll(async () => {
    const { vault, ghes } = context;
    tenant = await connect(vault, ghes);
    // More than a page has.
    await ghes.failDeliveries(tenant.slug, tenant.installationId, 130);
  });

  const request = () => ({ organizationId: tenant.organizationId, connectionId: tenant.connectionId });
  const page = (cursor = '') => worker().listWebhookDeliveries({ ...request(), cursor });

  it('is read page by page, newest first', async () => {
    const first = await page();
    expect(first.deliveries).toHaveLength(100);
    expect(first.webhookUrl).toMatch(/^http/);
    const second = await page(first.nextCursor);
    expect(second.nextCursor).toBe('');
    const ids = [...first.deliveries, ...second.deliveries].map(({ id }) => Number(id));
    expect(ids.length).toBeGreaterThanOrEqual(130);
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => other - one));
    expect(first.deliveries[0]).toEqual({
      id: expect.any(String),
      guid: expect.stringMatching(/^[\w-]{36}$/),
      event: expect.any(String),
      deliveredAt: expect.stringMatching(/^\d{4}-/),
      statusCode: 502,
    });
  });

  it('delivers again under the same id, and names what it no longer has', async () => {
    const [newest] = (await page()).deliveries;
    const deliveryIds = [newest!.id, '999999999999999999999'];
    const answer = await worker().redeliverWebhooks({ ...request(), deliveryIds });
    expect(answer.missingIds).toEqual(['999999999999999999999']);
    await context.ghes.settleDeliveries();
    const [again] = (await page()).deliveries;
    expect([again?.guid, again?.id]).toEqual([newest?.guid, expect.not.stringMatching(`^${newest!.id}$`)]);
  });

  it('returns the payload of a delivery', async () => {
    const [newest] = (await page()).deliveries;
    const read = await worker().readWebhookDelivery({ ...request(), deliveryId: newest!.id });
    expect([read.guid, read.event]).toEqual([newest?.guid, newest?.event]);
    expect(JSON.parse(Buffer.from(read.payload).toString())).toHaveProperty('action');
  });

  it('attack: no other service and no other organization reads or repeats deliveries', async () => {
    for (const caller of ['api', 'webhook-ingest', 'preview-host'] as const) {
      await expect(context.vault.as[caller].listWebhookDeliveries({ ...request(), cursor: '' })).rejects.toMatchObject({
        code: 'caller-denied',
      });
      const deliveryIds = ['1'];
      await expect(context.vault.as[caller].redeliverWebhooks({ ...request(), deliveryIds })).rejects.toMatchObject({
        code: 'caller-denied',
      });
    }
    const foreign = { ...request(), organizationId: 'another organization' };
    await expect(worker().listWebhookDeliveries({ ...foreign, cursor: '' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(worker().readWebhookDelivery({ ...foreign, deliveryId: '1' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('attack: an id cannot choose another operation', async () => {
    for (const deliveryId of ['1/attempts', '../config', '%2e%2e', '']) {
      await expect(worker().readWebhookDelivery({ ...request(), deliveryId })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
  });
});
