import type { ReactNode } from 'react';
import { createContext, use, useEffect, useRef, useState } from 'react';

const AnnounceContext = createContext<(message: string) => void>(() => undefined);

/** The polite live region, which announces changes that the user did not cause. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState('');
  return (
    <AnnounceContext value={setMessage}>
      {children}
      <p className="visually-hidden" role="status" aria-live="polite">
        {message}
      </p>
    </AnnounceContext>
  );
}

/** Announces `message` whenever it changes, but not on the first render. */
export function useAnnounceChange(message: string | undefined): void {
  const announce = use(AnnounceContext);
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (message !== undefined && before.current !== undefined && before.current !== message) announce(message);
    before.current = message ?? before.current;
  }, [message, announce]);
}
