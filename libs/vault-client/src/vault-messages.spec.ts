import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadSync } from '@grpc/proto-loader';
import { vaultProtoPath } from '@reunite/contracts';
import ts from 'typescript';
import { vaultServiceDefinition } from './vault-service.js';

type Fields = Record<string, string>;

/** Messages that are empty, or whose bare name would say too little outside the vault. */
const tsNames: Record<string, string> = { App: 'VaultApp', Installation: 'VaultInstallation' };
const emptyMessages = new Set(['DeleteConnectionResponse', 'EndUserSignInResponse', 'ForgetTokensResponse']);

const tsName = (name: string) => tsNames[name] ?? name;

/** Fields of every interface of vault-messages.ts with their types as written. */
function interfaceFields(): Record<string, Fields> {
  const file = fileURLToPath(new URL('../src/vault-messages.ts', `file://${vaultProtoPath}`));
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
  return Object.fromEntries(
    interfaces.map((declaration) => {
      const members = declaration.members.filter(ts.isPropertySignature);
      return [
        declaration.name.text,
        Object.fromEntries(members.map((m) => [m.name.getText(), m.type!.getText().replace(/\s+/g, ' ')])),
      ];
    }),
  );
}

/** The same, read from vault.proto by the loader that both ends use. */
function messageFields(): Record<string, Fields> {
  const definition = loadSync(vaultProtoPath, { keepCase: false, longs: Number, defaults: true });
  const messages = Object.entries(definition).filter(
    ([, entry]) => entry.format === 'Protocol Buffer 3 DescriptorProto',
  );
  return Object.fromEntries(
    messages.map(([fullName, entry]) => {
      const { name, field, nestedType } = (entry as unknown as { type: MessageType }).type;
      const maps = new Set(nestedType.filter(({ options }) => options?.mapEntry).map((nested) => nested.name));
      expect(fullName).toBe(`reunite.vault.v1.${name}`);
      return [name, Object.fromEntries(field.map((f) => [camel(f.name), typeOf(f, maps)]))];
    }),
  );
}

interface MessageType {
  readonly name: string;
  readonly field: { name: string; type: string; label: string; typeName: string }[];
  readonly nestedType: { name: string; options?: { mapEntry?: boolean } }[];
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function typeOf(field: MessageType['field'][number], maps: Set<string>): string {
  if (maps.has(field.typeName)) return 'Record<string, string>';
  const scalars: Record<string, string> = { TYPE_STRING: 'string', TYPE_INT64: 'number', TYPE_BOOL: 'boolean' };
  const single = scalars[field.type] ?? tsName(field.typeName);
  return field.label === 'LABEL_REPEATED' ? `${single}[]` : single;
}

describe('vault-messages.ts', () => {
  const interfaces = interfaceFields();
  const messages = messageFields();

  it('has an interface with the same fields and types for every message of vault.proto', () => {
    expect(Object.keys(messages).length).toBeGreaterThan(5);
    for (const [name, fields] of Object.entries(messages)) {
      if (!emptyMessages.has(name)) expect([name, interfaces[tsName(name)]]).toEqual([name, fields]);
    }
  });

  it('has the methods of vault.proto with their requests and responses', () => {
    const inProto = Object.values(vaultServiceDefinition()).map(({ originalName, ...method }) => {
      const { requestType, responseType } = method as unknown as Record<string, { type: MessageType }>;
      const response = responseType!.type.name;
      const types = `request: ${tsName(requestType!.type.name)}; response: ${emptyMessages.has(response) ? 'object' : tsName(response)}`;
      return [originalName, `{ ${types} }`];
    });
    expect(interfaces['VaultMethods']).toEqual(Object.fromEntries(inProto));
  });
});
