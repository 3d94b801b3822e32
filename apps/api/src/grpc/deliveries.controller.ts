import { GrpcMethod, Payload } from '@nestjs/microservices';
import { deliveryQuerySchema } from '@reunite/contracts';
import type { Delivery, DeliveryPayload, DeliveryRecovery, Page } from '@reunite/contracts';
import type { DeliveryRequest, GetRequest, ListDeliveriesRequest } from '@reunite/contracts/bridge';
import { DeliveriesService } from '../application/deliveries/deliveries.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class DeliveriesGrpcController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @GrpcMethod('Connections', 'ListDeliveries')
  async list(@CurrentCaller() caller: Caller, @Payload() request: ListDeliveriesRequest): Promise<Page<Delivery>> {
    return this.deliveries.list(caller, request.id, validated(deliveryQuerySchema, request));
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'GetDeliveryPayload')
  async payload(@CurrentCaller() caller: Caller, @Payload() request: DeliveryRequest): Promise<DeliveryPayload> {
    return this.deliveries.payload(caller, request.id, request.deliveryId);
  }

  @Requires('write')
  @GrpcMethod('Connections', 'Redeliver')
  @Records('delivery.redeliver')
  async redeliver(@CurrentCaller() caller: Caller, @Payload() request: DeliveryRequest): Promise<object> {
    await this.deliveries.redeliver(caller, request.id, request.deliveryId);
    return {};
  }

  @GrpcMethod('Connections', 'GetDeliveryRecovery')
  async recovery(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<DeliveryRecovery> {
    return this.deliveries.recovery(caller, id);
  }

  @Requires('write')
  @GrpcMethod('Connections', 'RecoverDeliveries')
  @Records('connection.recover-deliveries')
  async recover(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.deliveries.recover(caller, id);
    return {};
  }
}
