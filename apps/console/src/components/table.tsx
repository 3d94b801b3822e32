import type { ReactNode } from 'react';

interface TableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

/** A table whose rows become cards on a narrow screen; its cells are `Cell`, which then names the column. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function Cell({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  // One child, so that a narrow screen can lay it out beside the column's name.
  return (
    <td data-label={label}>
      <div>{children}</div>
    </td>
  );
}
