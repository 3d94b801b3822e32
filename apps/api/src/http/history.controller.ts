import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import {
  archiveQuerySchema,
  fileDiffQuerySchema,
  fileDiffSchema,
  fileVersionPageSchema,
  fileVersionQuerySchema,
  snapshotDiffQuerySchema,
  snapshotDiffSchema,
} from '@reunite/contracts';
import type {
  ArchiveQuery,
  FileDiff,
  FileDiffQuery,
  FileVersion,
  FileVersionQuery,
  ForwardPage,
  SnapshotDiff,
  SnapshotDiffQuery,
} from '@reunite/contracts';
import { ArchivesService } from '../application/history/archives.service.js';
import { FileVersionsService } from '../application/history/file-versions.service.js';
import { SnapshotDiffsService } from '../application/history/snapshot-diffs.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Identifies, Operation } from './documented.js';

/** Versions of the files of a project. */
@Documented('Projects')
@Controller('v1/projects/:id')
export class HistoryController {
  constructor(
    private readonly fileVersions: FileVersionsService,
    private readonly diffs: SnapshotDiffsService,
    private readonly archives: ArchivesService,
  ) {}

  @Get('content/versions')
  @Operation(
    'ListFileVersions',
    'List the versions of a file',
    'Reads the commits that changed a file or folder from the server, newest first. If the server does not answer, returns the versions in the stored snapshots of the branch.',
  )
  @Identifies('project')
  @Answers(fileVersionPageSchema)
  versions(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: fileVersionQuerySchema }) query: FileVersionQuery,
  ): Promise<ForwardPage<FileVersion>> {
    return this.fileVersions.list(caller, id, query);
  }

  @Get('diff')
  @Operation(
    'ListChangedFiles',
    'List the files that differ between two commits',
    'Compares two commits of a branch below the root folder of the project. Lists at most 10,000 files; a rename is a removed and an added file. Commits that are not stored are fetched from the server.',
  )
  @Identifies('project')
  @Answers(snapshotDiffSchema)
  changes(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: snapshotDiffQuerySchema }) query: SnapshotDiffQuery,
  ): Promise<SnapshotDiff> {
    return this.diffs.list(caller, id, query);
  }

  @Get('diff/file')
  @Operation('GetFileDiff', 'Get the difference of a file between two commits')
  @Identifies('project')
  @Answers(fileDiffSchema)
  file(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: fileDiffQuerySchema }) query: FileDiffQuery,
  ): Promise<FileDiff> {
    return this.diffs.file(caller, id, query);
  }

  @Get('archive')
  @Operation(
    'DownloadArchive',
    'Download the files of a project as a ZIP archive',
    'Streams the root folder of the project at a commit of a branch. Symbolic links are files with their target as text; submodules are left out. Names that are unsafe on some system are changed.',
  )
  @Identifies('project')
  @ApiOkResponse({
    description: 'OK',
    content: { 'application/zip': { schema: { type: 'string', format: 'binary', description: 'The archive' } } },
  })
  async archive(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: archiveQuerySchema }) query: ArchiveQuery,
  ): Promise<StreamableFile> {
    const { name, content } = await this.archives.open(caller, id, query);
    return new StreamableFile(content, { type: 'application/zip', disposition: `attachment; filename="${name}"` });
  }
}
