import { createContext } from 'react';
import { LiveFeed } from './live-feed.js';

/** The live feed of the signed-in user. The default feed is never opened and emits nothing. */
export const LiveContext = createContext(new LiveFeed(() => new EventSource('/v1/events')));
