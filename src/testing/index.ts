export {
  createDescribeEras,
  type DescribeEras,
  type Facts,
  type Matrix,
  type Open,
  type OpenOptions,
  type Runner,
} from './create-describe-eras.ts'
export { createTestClient, type Replacement, type TestClientOptions } from './create-test-client.ts'
export {
  type RecordedAnswer,
  type RecordedRequest,
  type RecordedUpstream,
  type RecordedValue,
  recordedUpstream,
} from './recorded-upstream.ts'
export type { TransportName } from './stages.ts'
