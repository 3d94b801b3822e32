import { DURATION_BUCKETS, withSpan } from '@reunite/telemetry';
import { Histogram } from 'prom-client';
import { isAnswer, isMissing } from './s3-errors.js';
import type { S3Operation } from './s3-errors.js';

const duration = new Histogram({
  name: 's3_operation_duration_seconds',
  help: 'Duration of operations on the bucket, by operation and result: ok, missing or failed. An upload counts until its last part',
  labelNames: ['operation', 'result'],
  buckets: DURATION_BUCKETS,
});

/** Measures and traces one operation. */
export function observed<Result>(operation: S3Operation, bucket: string, run: () => Promise<Result>): Promise<Result> {
  const attributes = { 'rpc.system': 'aws-api', 'rpc.method': operation, 'aws.s3.bucket': bucket };
  return withSpan(`s3 ${operation}`, { kind: 'client', attributes, isExpected: isAnswer }, async () => {
    const end = duration.startTimer({ operation });
    try {
      const result = await run();
      end({ result: 'ok' });
      return result;
    } catch (error) {
      end({ result: isMissing(error) ? 'missing' : isAnswer(error) ? 'ok' : 'failed' });
      throw error;
    }
  });
}
