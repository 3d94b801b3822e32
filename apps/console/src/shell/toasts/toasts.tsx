import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, use, useEffect, useEffectEvent, useState } from 'react';
import { useLocation } from 'react-router';
import { LiveContext } from '../../api/live-context.js';
import { queries } from '../../api/queries.js';
import { toastOf } from './toasts.rules.js';
import type { ToastText } from './toasts.rules.js';

const ToastList = lazy(async () => ({ default: (await import('./toast-list.js')).ToastList }));

/** Shows what happened on other pages: finished production deployments and failures. */
export function Toasts() {
  const feed = use(LiveContext);
  const client = useQueryClient();
  const { pathname } = useLocation();
  const [toasts, setToasts] = useState<readonly ToastText[]>([]);

  const show = useEffectEvent(async (id: string) => {
    // A toast is an extra: if the deployment cannot be read, its page shows the error.
    const deployment = await client.query(queries.deployment(id)).catch(() => null);
    const toast = deployment && toastOf(deployment, { now: Date.now(), pathname });
    if (toast) setToasts((all) => (all.some((one) => one.id === toast.id) ? all : [...all, toast]));
  });

  useEffect(
    () =>
      feed.subscribe((signal) => {
        if (signal !== 'resync' && signal.type === 'deployment') void show(signal.id);
      }),
    [feed],
  );

  if (toasts.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <ToastList toasts={toasts} />
    </Suspense>
  );
}
