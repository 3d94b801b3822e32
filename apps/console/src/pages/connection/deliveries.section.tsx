import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Delivery } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { Badge } from '../../components/badge.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { duration } from '../../format/time.js';
import { deliveryTones } from '../../format/tone.js';
import { may, mayManageProviders, useSession } from '../../shell/session-context.js';
import { DeliveryFilters, NO_FILTER } from './delivery-filters.js';
import type { DeliveryFilter } from './delivery-filters.js';
import { DeliveryPayload } from './delivery-payload.js';
import { DeliveryRecoveryFacts } from './delivery-recovery.js';

const HOUR_MS = 3_600_000;

/** The webhook deliveries, with filters, payloads and the recovery of those that did not arrive. */
export function DeliveriesSection({ connectionId }: { readonly connectionId: string }) {
  const [filter, setFilter] = useState(NO_FILTER);
  // Computed once per change: a new time at each rendering would read the list again and again.
  const [since, setSince] = useState('');
  const [shown, setShown] = useState<Delivery | null>(null);
  const deliveries = useInfiniteQuery(queries.deliveries(connectionId, queryOf(filter, since)));
  const recover = useAction(() => send('post', paths.deliveryRecovery(connectionId)));
  const redeliver = useAction(
    (id: string) => send('post', paths.redeliver(connectionId, id)),
    () => void deliveries.refetch(),
  );
  const session = useSession();
  const change = (changed: Partial<DeliveryFilter>) => {
    setFilter({ ...filter, ...changed });
    if (changed.period !== undefined) setSince(sinceOf(changed.period));
  };
  const actions = may(session, 'write') && (
    <button type="button" className="button" onClick={() => recover.run(undefined)} disabled={recover.pending}>
      Recover missed deliveries
    </button>
  );
  return (
    <Section title="Recent deliveries" actions={actions}>
      <FormProblem error={recover.error ?? redeliver.error} violations={[]} />
      <DeliveryRecoveryFacts connectionId={connectionId} />
      <DeliveryFilters filter={filter} onChange={change} />
      <Loaded resource={deliveries} what="the deliveries">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">
              {filter === NO_FILTER ? 'No deliveries yet. Install the app or push a commit.' : 'No delivery matches.'}
            </p>
          ) : (
            <DeliveryTable
              deliveries={items}
              onShow={mayManageProviders(session) ? setShown : null}
              onRedeliver={may(session, 'write') ? ({ id }) => redeliver.run(id) : null}
            />
          )
        }
      </Loaded>
      <ShowMore list={deliveries} />
      {shown && <DeliveryPayload key={shown.id} connectionId={connectionId} delivery={shown} />}
    </Section>
  );
}

function queryOf({ state, event, repository, search }: DeliveryFilter, since: string): Record<string, string> {
  return { state, event, repository, search, since };
}

function sinceOf(hours: string): string {
  return hours === '' ? '' : new Date(Date.now() - Number(hours) * HOUR_MS).toISOString();
}

interface DeliveryTableProps {
  readonly deliveries: readonly Delivery[];
  /** Null if the user may not. */
  readonly onShow: ((delivery: Delivery) => void) | null;
  readonly onRedeliver: ((delivery: Delivery) => void) | null;
}

function DeliveryTable({ deliveries, onShow, onRedeliver }: DeliveryTableProps) {
  const columns = ['Event', 'State', 'Outcome', 'Repository', 'Sender', 'Delivery', 'Received', 'Actions'];
  return (
    <Table caption="Recent deliveries" columns={columns}>
      {deliveries.map((delivery) => (
        <tr key={delivery.id}>
          <Cell label="Event">
            <code>{delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`}</code>
          </Cell>
          <Cell label="State">
            <Badge tone={deliveryTones[delivery.state]}>{delivery.state}</Badge>
          </Cell>
          <Cell label="Outcome">
            {delivery.outcome ?? '–'}
            {delivery.attempts > 0 && ` (${delivery.attempts} failed attempts)`}
          </Cell>
          <Cell label="Repository">{delivery.repository ?? '–'}</Cell>
          <Cell label="Sender">{delivery.sender ?? '–'}</Cell>
          <Cell label="Delivery">
            <code className="commit" title={delivery.guid}>
              {delivery.guid.slice(0, 8)}
            </code>
          </Cell>
          <Cell label="Received">
            <TimeAgo at={delivery.receivedAt} />
            {delivery.processedAt !== null && `, processed in ${duration(delivery.receivedAt, delivery.processedAt)}`}
          </Cell>
          <Cell label="Actions">
            {onShow && (
              <button type="button" className="button" onClick={() => onShow(delivery)}>
                Payload
              </button>
            )}
            {onRedeliver && delivery.processedAt !== null && (
              <button type="button" className="button" onClick={() => onRedeliver(delivery)}>
                Process again
              </button>
            )}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
