import { Cell, Table } from '../../components/table.js';
import { NEEDED_PERMISSIONS } from '../../format/permissions.js';
import { sentence } from '../../format/text.js';

/** The GitHub App that the server will be asked to create, with the reason of each permission. */
export function AppPreview() {
  return (
    <details>
      <summary>What will be created on the server</summary>
      <p>
        A GitHub App of the organization with a webhook for the events create, delete, pull request and push, and these
        permissions:
      </p>
      <Table caption="Permissions of the app" columns={['Permission', 'Access', 'Reason']}>
        {NEEDED_PERMISSIONS.map(({ name, level, reason }) => (
          <tr key={name}>
            <Cell label="Permission">{name}</Cell>
            <Cell label="Access">{sentence(level)}</Cell>
            <Cell label="Reason">{reason}</Cell>
          </tr>
        ))}
      </Table>
    </details>
  );
}
