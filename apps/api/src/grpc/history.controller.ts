import { GrpcMethod, Payload } from '@nestjs/microservices';
import { fileDiffQuerySchema, fileVersionQuerySchema, snapshotDiffQuerySchema } from '@reunite/contracts';
import type { FileDiff, FileVersion, ForwardPage, SnapshotDiff } from '@reunite/contracts';
import type { GetFileDiffRequest, ListChangedFilesRequest, ListFileVersionsRequest } from '@reunite/contracts/bridge';
import { FileVersionsService } from '../application/history/file-versions.service.js';
import { SnapshotDiffsService } from '../application/history/snapshot-diffs.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class HistoryGrpcController {
  constructor(
    private readonly fileVersions: FileVersionsService,
    private readonly diffs: SnapshotDiffsService,
  ) {}

  @GrpcMethod('Projects', 'ListFileVersions')
  versions(
    @CurrentCaller() caller: Caller,
    @Payload() request: ListFileVersionsRequest,
  ): Promise<ForwardPage<FileVersion>> {
    return this.fileVersions.list(caller, request.id, validated(fileVersionQuerySchema, request));
  }

  @GrpcMethod('Projects', 'ListChangedFiles')
  changes(@CurrentCaller() caller: Caller, @Payload() request: ListChangedFilesRequest): Promise<SnapshotDiff> {
    return this.diffs.list(caller, request.id, validated(snapshotDiffQuerySchema, request));
  }

  @GrpcMethod('Projects', 'GetFileDiff')
  file(@CurrentCaller() caller: Caller, @Payload() request: GetFileDiffRequest): Promise<FileDiff> {
    return this.diffs.file(caller, request.id, validated(fileDiffQuerySchema, request));
  }
}
