export {
  createDescribeEras,
  type DescribeEras,
  type Facts,
  type Matrix,
  type Open,
  type OpenOptions,
  type Runner,
} from './create-describe-eras.ts'
export { createTestClient, type TestClientOptions } from './create-test-client.ts'
export type { TransportName } from './stages.ts'
