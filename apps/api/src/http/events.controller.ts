import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { eventsQuerySchema, liveEventSchema } from '@reunite/contracts';
import type { EventsQuery } from '@reunite/contracts';
import type { FastifyReply } from 'fastify';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { EventStream } from '../live/event-stream.js';
import { LiveEventHub } from '../live/live-event-hub.js';
import { Documented, Operation } from './documented.js';

@Documented('Live events')
@Controller('v1/events')
export class EventsController {
  constructor(private readonly hub: LiveEventHub) {}

  /**
   * Server-sent events. After `event: gap`, events were lost: read everything again. Nest's `@Sse` does not fit,
   * because it buffers without limit for a client that does not read; {@link EventStream} disconnects it.
   */
  @Get()
  @Operation(
    'ListenToEvents',
    'Listen to live events',
    'A stream of server-sent events about changed objects of the organization. After `event: gap`, events were lost: read everything again. The first connection begins with it unless `readMs` is sent.',
  )
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'text/event-stream; each `data` is one event', standardSchema: liveEventSchema })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last received event. The later ones follow, from any replica, or `event: gap`',
    schema: { type: 'string', maxLength: 200, examples: ['7421-mFfYVJxTzQ3ylQ8w'] },
  })
  events(
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query({ schema: eventsQuerySchema }) { readMs }: EventsQuery,
    @Res() reply: FastifyReply,
  ): void {
    this.hub.assertRoom(caller);
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    // Fastify sends headers with the end of the body; this body has none.
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.raw.writeHead(200, headers);
    const stream = new EventStream(reply.raw, caller.expiresAt);
    const since = lastEventId !== undefined ? { lastEventId } : readMs !== undefined ? { readMs } : null;
    const leave = this.hub.join(caller, stream, since);
    reply.raw.once('close', leave);
  }
}
