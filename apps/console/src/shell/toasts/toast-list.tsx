import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { Link } from 'react-router';
import { classNames } from '../../components/class-names.js';
import { Icon } from '../../components/icon.js';
import type { ToastText } from './toasts.rules.js';
import styles from './toasts.module.css';

const SHOWN_MS = 10_000;
const AT_ONCE = 3;

/** Shows each toast for ten seconds. They pause while they have the focus or the pointer; F6 moves the focus there. */
export function ToastList({ toasts }: { readonly toasts: readonly ToastText[] }) {
  const [queue] = useState(() => new ToastQueue<ToastText>({ maxVisibleToasts: AT_ONCE }));
  const [queued] = useState(() => new Set<string>());
  useEffect(() => {
    for (const toast of toasts) {
      if (queued.has(toast.id)) continue;
      queued.add(toast.id);
      queue.add(toast, { timeout: SHOWN_MS });
    }
  }, [toasts, queue, queued]);
  return (
    <ToastRegion queue={queue} className={classNames(styles.region)}>
      {({ toast }) => (
        <Toast toast={toast} className={classNames(styles.toast, styles[toast.content.tone])}>
          <ToastContent className={classNames(styles.text)}>
            <Text slot="title">{toast.content.title}</Text>
            <Text slot="description">{toast.content.text}</Text>
            <Link to={toast.content.to} onClick={() => queue.close(toast.key)}>
              Show deployment
            </Link>
          </ToastContent>
          <Button slot="close" aria-label="Dismiss" className="button button-quiet">
            <Icon name="cross" />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
