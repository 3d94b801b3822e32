import { createPrivateKey, X509Certificate } from 'node:crypto';
import { experimental } from '@grpc/grpc-js';
import type { ChannelCredentials, ServerCredentials, VerifyOptions } from '@grpc/grpc-js';
import { recordCertificate } from './certificate-metrics.js';
import type { TlsConfig } from './config.js';
import type { Logger } from './logger.js';
import { loadServiceIdentity } from './service-identity.js';
import type { IdentityFiles, ServiceIdentity } from './service-identity.js';

type Provider = experimental.CertificateProvider;
type CaListener = Parameters<Provider['addCaCertificateListener']>[0];
type IdentityListener = Parameters<Provider['addIdentityCertificateListener']>[0];

/**
 * A service's certificates, reloaded when their files change, so that a renewal needs no restart; new connections use
 * the new ones. The watcher of grpc-js rejects connections while a file is missing or only half of a pair is replaced;
 * this one keeps the last valid pair and logs a warning.
 */
export class WatchedIdentity implements experimental.CertificateProvider {
  private readonly caListeners = new Set<CaListener>();
  private readonly identityListeners = new Set<IdentityListener>();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private identity: ServiceIdentity,
    private readonly files: IdentityFiles,
    private readonly logger: Logger,
    intervalMs: number,
  ) {
    recordCertificate(identity.cert);
    this.timer = setInterval(() => void this.reload(), intervalMs).unref();
  }

  /** @throws whatever keeps one of the files from being read */
  static async open(config: TlsConfig, logger: Logger): Promise<WatchedIdentity> {
    const files = { caFile: config.TLS_CA_FILE, certFile: config.TLS_CERT_FILE, keyFile: config.TLS_KEY_FILE };
    return new WatchedIdentity(await loadServiceIdentity(files), files, logger, config.TLS_RELOAD_SECONDS * 1_000);
  }

  /** Clients must have a certificate of the same authority. */
  serverCredentials(): ServerCredentials {
    return experimental.createCertificateProviderServerCredentials(this, this, true);
  }

  channelCredentials(verify: VerifyOptions): ChannelCredentials {
    return experimental.createCertificateProviderChannelCredentials(this, this, verify);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  addCaCertificateListener(listener: CaListener): void {
    this.caListeners.add(listener);
    process.nextTick(() => listener({ caCertificate: this.identity.ca }));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.identityListeners.add(listener);
    // Not at once: the server registers itself with its credentials only after these have registered here.
    process.nextTick(() => listener({ certificate: this.identity.cert, privateKey: this.identity.key }));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.identityListeners.delete(listener);
  }

  private async reload(): Promise<void> {
    try {
      const read = await loadServiceIdentity(this.files);
      if (isSame(read, this.identity)) return;
      assertWhole(read);
      this.identity = read;
      recordCertificate(read.cert);
      for (const listener of this.identityListeners) listener({ certificate: read.cert, privateKey: read.key });
      for (const listener of this.caListeners) listener({ caCertificate: read.ca });
      this.logger.info({ certFile: this.files.certFile }, 'certificates reloaded');
    } catch (error) {
      this.logger.warn({ failure: String(error) }, 'certificates not reloaded; the previous ones stay in use');
    }
  }
}

/** A file may be half written, or one of a pair the only new one yet. @throws Error */
function assertWhole({ ca, cert, key }: ServiceIdentity): void {
  new X509Certificate(ca);
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return;
  throw new Error('The certificate and the private key do not belong together.');
}

function isSame(one: ServiceIdentity, other: ServiceIdentity): boolean {
  return one.ca.equals(other.ca) && one.cert.equals(other.cert) && one.key.equals(other.key);
}
