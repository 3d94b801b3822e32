import { once } from 'node:events';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { bridgeProtoPath, PROTO_LOADER_OPTIONS } from '@reunite/contracts';
import type { Upload } from '@reunite/contracts';
import { loadServiceIdentity } from '@reunite/platform';
import type { IdentityFiles } from '@reunite/platform';

type UploadMethod = MethodDefinition<object, Upload>;

interface SentUpload {
  /** Id of the project. */
  readonly id: string;
  readonly content: Buffer;
  /** The announced size. Default: the size of the content. */
  readonly size?: number;
  readonly messageBytes?: number;
  /** True to send the content and never end the stream. */
  readonly unfinished?: boolean;
}

/** A gRPC client of the upload operation. */
export class GrpcUploads {
  private readonly method: UploadMethod;

  private constructor(private readonly client: Client) {
    const service = loadSync(bridgeProtoPath, PROTO_LOADER_OPTIONS)['reunite.bridge.v1.Commits'];
    this.method = (service as unknown as Record<string, UploadMethod>)['CreateUpload'] as UploadMethod;
  }

  static async open(address: string, identity: IdentityFiles): Promise<GrpcUploads> {
    const { ca, key, cert } = await loadServiceIdentity(identity);
    return new GrpcUploads(new Client(address, credentials.createSsl(ca, key, cert)));
  }

  async send(
    token: string,
    { id, content, size = content.length, messageBytes = 65_536, unfinished = false }: SentUpload,
  ): Promise<Upload> {
    const { path, requestSerialize, responseDeserialize } = this.method;
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const answer = new Promise<Upload>((resolve, reject) => {
      const stream = this.client.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        metadata,
        (error, response) => {
          end();
          if (error) reject(error);
          else resolve(response as Upload);
        },
      );
      const write = async () => {
        for (let at = 0; at === 0 || at < content.length; at += messageBytes) {
          const message = { ...(at === 0 && { id, size }), content: content.subarray(at, at + messageBytes) };
          if (!stream.write(message)) await Promise.race([once(stream, 'drain'), ended]);
        }
        if (!unfinished) stream.end();
      };
      write().catch(reject);
    });
    return answer;
  }

  close(): void {
    this.client.close();
  }
}
