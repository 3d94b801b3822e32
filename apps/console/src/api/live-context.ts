import { createContext } from 'react';
import { LiveFeed } from './live-feed.js';

/** The feed of the signed-in person; the default one is never opened and tells nothing. */
export const LiveContext = createContext(new LiveFeed(() => new EventSource('/v1/events')));
