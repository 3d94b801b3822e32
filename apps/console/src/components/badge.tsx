import { sentence } from '../format/text.js';
import type { Tone } from '../format/tone.js';

interface BadgeProps {
  readonly tone: Tone;
  readonly children: string;
}

/** A state as text with a coloured dot. */
export function Badge({ tone, children }: BadgeProps) {
  return <span className={`badge badge-${tone}`}>{sentence(children)}</span>;
}
