import type { Delivery } from '@reunite/contracts';
import { paths } from '../../api/paths.js';
import { useList } from '../../api/use-list.js';
import { Badge } from '../../components/badge.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { deliveryTones } from '../../format/tone.js';

/** The most recent webhook deliveries. */
export function DeliveriesSection({ connectionId }: { readonly connectionId: string }) {
  const deliveries = useList(paths.deliveries(connectionId), { types: ['delivery'], connectionId });
  return (
    <Section title="Recent deliveries">
      <Loaded resource={deliveries} what="the deliveries">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">No deliveries yet. Install the app or push a commit.</p>
          ) : (
            <DeliveryTable deliveries={items} />
          )
        }
      </Loaded>
      <ShowMore list={deliveries} />
    </Section>
  );
}

function DeliveryTable({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <Table caption="Recent deliveries" columns={['Event', 'State', 'Outcome', 'Delivery', 'Received']}>
      {deliveries.map((delivery) => (
        <tr key={delivery.id}>
          <Cell label="Event">
            <code>{delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`}</code>
          </Cell>
          <Cell label="State">
            <Badge tone={deliveryTones[delivery.state]}>{delivery.state}</Badge>
          </Cell>
          <Cell label="Outcome">{delivery.outcome ?? '–'}</Cell>
          <Cell label="Delivery">
            <code className="commit" title={delivery.guid}>
              {delivery.guid.slice(0, 8)}
            </code>
          </Cell>
          <Cell label="Received">
            <TimeAgo at={delivery.receivedAt} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
