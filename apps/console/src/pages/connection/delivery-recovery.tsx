import { useQuery } from '@tanstack/react-query';
import type { DeliveryRecovery } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Loaded } from '../../components/loaded.js';
import { TimeAgo } from '../../components/time-ago.js';

/** Numbers of the deliveries that did not arrive, and of those that were recovered. */
export function DeliveryRecoveryFacts({ connectionId }: { readonly connectionId: string }) {
  const recovery = useQuery(queries.deliveryRecovery(connectionId));
  return (
    <Loaded resource={recovery} what="the recovery of deliveries">
      {(state) => <p className="quiet">{textOf(state)}</p>}
    </Loaded>
  );
}

function textOf({ checkedAt, skippedReason, missed, recovered, lost, open }: DeliveryRecovery) {
  if (checkedAt === null) return 'The log of the server has not been compared with these deliveries yet.';
  return (
    <>
      Compared with the log of the server <TimeAgo at={checkedAt} />: {missed} missed, {recovered} recovered
      {open > 0 && `, ${open} requested`}
      {lost > 0 && `, ${lost} lost`}.{skippedReason !== null && ` ${skippedReason}`}
    </>
  );
}
