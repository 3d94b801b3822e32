import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

const worker = useWorker();

const oidOf = (content: string) => createHash('sha256').update(content).digest('hex');
const pointerTo = (content: string, size = content.length) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${size}\n`;

/** Pushes files, and waits for the build. @returns a reader of the site, and its findings of links */
async function publish(project: Project, files: Record<string, string>) {
  const pushed = worker().ghes.git.push('main', files);
  await project.deliverPush(pushed);
  await eventually(() => project.hasDeployed(pushed.after));
  const [deployment] = await project.deployments(pushed.after);
  return {
    read: (path: string) => worker().artifact(deployment!.id, path),
    warnings: (await project.log(deployment!.id)).filter((line) => line.startsWith('warning')),
  };
}

const batches = async () => (await worker().ghes.requests('POST /*info/lfs/objects/batch')).length;

describe('files in Git LFS', () => {
  it('are published with their content, which is fetched once', async () => {
    await worker().start();
    const project = await worker().connect();
    await worker().ghes.uploadLfs('a picture');
    const files = { 'index.md': '![a](img/a.png) ![b](img/b.png)', 'img/a.png': pointerTo('a picture') };
    const first = await publish(project, { ...files, 'img/b.png': pointerTo('a picture') });
    expect([await first.read('img/a.png'), await first.read('img/b.png')]).toEqual(['a picture', 'a picture']);
    expect(first.warnings).toEqual([]);
    expect(await batches()).toBe(1);

    const another = await project.connectAnother();
    const second = await publish(another, { 'new.md': '# New' });
    expect([await second.read('img/a.png'), await batches()]).toEqual(['a picture', 1]);
  });

  it('that cannot be fetched are findings of the pages that show them', async () => {
    await worker().start();
    const project = await worker().connect();
    await worker().ghes.uploadLfs('a picture');
    const { read, warnings } = await publish(project, {
      'index.md': '![a](a.png)\n\n![b](gone.png)\n\n![c](large.png)\n\n![d](invalid.png)',
      ...{ 'a.png': pointerTo('a picture'), 'gone.png': pointerTo('gone') },
      ...{ 'large.png': pointerTo('large', 10 ** 12), 'invalid.png': pointerTo('x').replace('sha256', 'md5') },
    });
    expect(await read('a.png')).toBe('a picture');
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^warning index\.md .*gone\.png.* Git LFS: the server does not have it/),
        expect.stringMatching(/^warning index\.md .*large\.png.* Git LFS: .*over the limit/),
        expect.stringMatching(/^warning index\.md .*invalid\.png.* Git LFS: the pointer is invalid/),
      ]),
    );
  });

  it('attack: with other content than the pointer names are not published', async () => {
    await worker().start();
    const project = await worker().connect();
    await worker().ghes.uploadLfs('a picture');
    await worker().ghes.faultAt(`GET /*info/lfs/objects/${oidOf('a picture')}`, { status: 200, body: 'evil text' });
    const { read, warnings } = await publish(project, { 'index.md': '![a](a.png)', 'a.png': pointerTo('a picture') });
    expect(await read('a.png')).toBe('null');
    expect(warnings).toContainEqual(expect.stringMatching(/index\.md.* Git LFS: /));
  });

  it('attack: of another repository are not published by who knows their hash', async () => {
    await worker().start();
    const victim = await worker().connect();
    await worker().ghes.uploadLfs('a secret');
    await publish(victim, { 'index.md': '![a](a.png)', 'a.png': pointerTo('a secret') });
    await worker().ghes.reset();
    const attacker = await worker().connect();
    const { read, warnings } = await publish(attacker, { 'index.md': '![a](a.png)', 'a.png': pointerTo('a secret') });
    expect(await read('a.png')).toBe('null');
    expect(warnings).toContainEqual(expect.stringMatching(/index\.md.* the server does not have it/));
  });
});
