import { sentence } from '../format/text.js';
import type { Tone } from '../format/tone.js';

interface BadgeProps {
  readonly tone: Tone;
  readonly children: string;
}

/** A state in words, with a coloured dot beside them. */
export function Badge({ tone, children }: BadgeProps) {
  return <span className={`badge badge-${tone}`}>{sentence(children)}</span>;
}
