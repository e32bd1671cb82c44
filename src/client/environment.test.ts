import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio'
import { expect, it, onTestFinished, vi } from 'vitest'
import { inheritedEnvironment } from './environment.ts'

it('is what children get from other clients too, and holds no secrets', () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('API_KEY', 'secret')
  vi.stubEnv('TERM', '() { :; }; echo hello')
  expect(inheritedEnvironment()).toEqual(getDefaultEnvironment())
  expect(inheritedEnvironment()).toMatchObject({ PATH: process.env.PATH })
  expect(inheritedEnvironment()).not.toHaveProperty('API_KEY')
  expect(inheritedEnvironment()).not.toHaveProperty('TERM')
})
