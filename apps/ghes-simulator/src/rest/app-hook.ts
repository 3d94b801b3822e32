import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireApp } from '../access/authorize.js';
import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';
import { hookConfigJson } from '../representations/app.js';
import type { DeliveryRecord } from '../webhooks/delivery-log.js';
import { notFound } from './api.error.js';
import { idOf, parseBody } from './requests.js';

const hookConfig = z.object({
  url: z.url({ protocol: /^https?$/ }).optional(),
  content_type: z.enum(['json', 'form']).optional(),
  insecure_ssl: z.union([z.enum(['0', '1']), z.literal([0, 1])]).optional(),
  secret: z.string().optional(),
});

/** https://docs.github.com/enterprise-server/rest/apps/webhooks */
export function appHookApi(app: FastifyInstance, ghes: Ghes): void {
  app.get('/app/hook/config', ({ actor }) => hookConfigJson(requireApp(actor).app.hook));

  app.patch('/app/hook/config', (request) => {
    const { app: caller } = requireApp(request.actor);
    const wanted = parseBody(hookConfig, request, 'Hook');
    ghes.store.change(() => {
      const { hook } = caller;
      hook.url = wanted.url ?? hook.url;
      hook.contentType = wanted.content_type ?? hook.contentType;
      if (wanted.insecure_ssl !== undefined) hook.insecureSsl = Number(wanted.insecure_ssl) === 1 ? '1' : '0';
      if (wanted.secret !== undefined) hook.secret = wanted.secret === '' ? null : wanted.secret;
      ghes.given.add('webhook-secret', hook.secret);
      caller.updatedAt = ghes.clock.timestamp();
    });
    return hookConfigJson(caller.hook);
  });

  app.get<{ Querystring: { per_page?: string; cursor?: string; status?: string } }>(
    '/app/hook/deliveries',
    (request, reply) => {
      const { app: caller } = requireApp(request.actor);
      const { status, cursor } = request.query;
      const perPage = Math.min(100, Math.max(1, idOf(request.query.per_page ?? '30')));
      const matching = ghes.deliverer.deliveries
        .ofApp(caller.id)
        .filter((record) => status === undefined || (status === 'success') === succeeded(record))
        .filter((record) => cursor === undefined || record.id <= idOf(cursor.replace(/^v1_/, '')));
      const next = matching[perPage];
      if (next) {
        const url = new URL(request.url, ghes.settings.publicUrl);
        url.searchParams.set('cursor', `v1_${next.id}`);
        void reply.header('link', `<${url.href}>; rel="next"`);
      }
      return matching.slice(0, perPage).map(deliveryItem);
    },
  );

  const own = (actor: Actor, id: string) => {
    const { app: caller } = requireApp(actor);
    const record = ghes.deliverer.deliveries.ofApp(caller.id).find((item) => item.id === idOf(id));
    if (!record) throw notFound();
    return { caller, record };
  };

  app.get<{ Params: { id: string } }>('/app/hook/deliveries/:id', ({ actor, params }) =>
    deliveryJson(own(actor, params.id).record),
  );

  app.post<{ Params: { id: string } }>('/app/hook/deliveries/:id/attempts', ({ actor, params }, reply) => {
    const { caller, record } = own(actor, params.id);
    ghes.deliverer.redeliver(caller, record);
    return reply.code(202).send({});
  });
}

function succeeded({ statusCode }: DeliveryRecord): boolean {
  return statusCode >= 200 && statusCode < 400;
}

function deliveryItem(record: DeliveryRecord) {
  return {
    id: record.id,
    guid: record.guid,
    delivered_at: record.deliveredAt,
    redelivery: record.redelivery,
    duration: record.duration,
    status: record.status,
    status_code: record.statusCode,
    event: record.event,
    action: record.action,
    installation_id: record.installationId,
    repository_id: record.repositoryId,
    throttled_at: null,
  };
}

function deliveryJson(record: DeliveryRecord) {
  return {
    ...deliveryItem(record),
    url: record.url,
    request: { headers: record.request.headers, payload: JSON.parse(record.request.payload) as unknown },
    response: record.response ?? { headers: null, payload: null },
  };
}
