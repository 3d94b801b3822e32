import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  deliveryPayloadSchema,
  deliveryQuerySchema,
  deliveryRecoverySchema,
  deliverySchema,
  pageOf,
} from '@reunite/contracts';
import type { Delivery, DeliveryPayload, DeliveryQuery, DeliveryRecovery, Page } from '@reunite/contracts';
import { DeliveriesService } from '../application/deliveries/deliveries.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Accepts, Answers, Documented, Identifies, Operation } from './documented.js';

@Documented('Connections')
@Controller('v1/connections/:id')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get('deliveries')
  @Operation(
    'ListDeliveries',
    'List webhook deliveries',
    'Returns the webhook deliveries that arrived for a connection, newest first.',
  )
  @Identifies('connection')
  @Answers(pageOf(deliverySchema, 'DeliveryPage'))
  list(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deliveryQuerySchema }) query: DeliveryQuery,
  ): Promise<Page<Delivery>> {
    return this.deliveries.list(caller, id, query);
  }

  @Get('deliveries/:deliveryId/payload')
  @Operation(
    'GetDeliveryPayload',
    'Get the payload of a delivery',
    'Returns the stored headers and the payload, without the values of secret fields.',
  )
  @Identifies('connection')
  @Identifies('delivery', 'deliveryId')
  @Requires('owner')
  @Answers(deliveryPayloadSchema)
  payload(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<DeliveryPayload> {
    return this.deliveries.payload(caller, id, deliveryId);
  }

  @Post('deliveries/:deliveryId/redeliver')
  @Operation(
    'Redeliver',
    'Process a delivery again',
    'Schedules the processing of a stored delivery. The server is not asked to send it again.',
  )
  @Identifies('connection')
  @Identifies('delivery', 'deliveryId')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('delivery.redeliver')
  redeliver(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<void> {
    return this.deliveries.redeliver(caller, id, deliveryId);
  }

  @Get('delivery-recovery')
  @Operation(
    'GetDeliveryRecovery',
    'Get the state of the delivery recovery',
    'Returns the result of the last comparison of the server’s log of deliveries with the ones that arrived.',
  )
  @Identifies('connection')
  @Answers(deliveryRecoverySchema)
  recovery(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<DeliveryRecovery> {
    return this.deliveries.recovery(caller, id);
  }

  @Post('delivery-recovery')
  @Operation(
    'RecoverDeliveries',
    'Recover missed deliveries',
    'Schedules a comparison of the server’s log of deliveries with the ones that arrived. The server is asked to send the missing ones.',
  )
  @Identifies('connection')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('connection.recover-deliveries')
  recover(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.deliveries.recover(caller, id);
  }
}
