import { useQuery } from '@tanstack/react-query';
import type { Delivery } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Fact, Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { fileSize } from '../../format/text.js';

interface DeliveryPayloadProps {
  readonly connectionId: string;
  readonly delivery: Delivery;
}

/** Headers and payload of a delivery. */
export function DeliveryPayload({ connectionId, delivery }: DeliveryPayloadProps) {
  const resource = useQuery(queries.deliveryPayload(connectionId, delivery.id));
  return (
    <section aria-label={`Payload of delivery ${delivery.guid}`}>
      <Loaded resource={resource} what="the payload">
        {({ headers, payload, size }) => (
          <>
            <Facts>
              {headers.map(({ name, value }) => (
                <Fact key={name} name={name}>
                  <code>{value}</code>
                </Fact>
              ))}
            </Facts>
            {payload === null ? (
              <p className="quiet">The payload has {fileSize(size)} and is too large to be shown.</p>
            ) : (
              <pre className="code-text">{payload}</pre>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
