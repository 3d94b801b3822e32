import { shortCommit } from '../format/text.js';

export function Commit({ id }: { readonly id: string }) {
  return (
    <code className="commit" title={id}>
      {shortCommit(id)}
    </code>
  );
}
