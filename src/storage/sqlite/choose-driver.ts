import { createRequire } from 'node:module'
import process from 'node:process'
import { FastMCPError } from '../../protocol/errors.ts'
import type { Driver } from './connection.ts'
import { createNodeDriver, type NodeSqlite } from './node-driver.ts'
import { createWasmDriver, type WasmSqlite } from './wasm-driver.ts'

/** What brings SQLite along. */
export type DriverName = 'node:sqlite' | 'node-sqlite3-wasm'

/** Finds each library; undefined where it is not there. */
export type Sources = { readonly [N in DriverName]: () => Driver | undefined }

/**
 * The named driver, or the first that is there: Node's own, then the package. Throws `FastMCPError` that says what to
 * install.
 */
export function chooseDriver(wanted: DriverName | undefined, sources: Sources = SOURCES): Driver {
  if (wanted !== undefined && !Object.hasOwn(sources, wanted)) {
    throw new FastMCPError('SETTING', `driver is ${String(wanted).slice(0, 40)}; give node:sqlite or node-sqlite3-wasm`)
  }
  const names: readonly DriverName[] = wanted === undefined ? ['node:sqlite', 'node-sqlite3-wasm'] : [wanted]
  for (const name of names) {
    const driver = sources[name]()
    if (driver !== undefined) return driver
  }
  throw new FastMCPError('SETTING', `There is no ${names.join(' and no ')} here. ${WAYS_OUT}`)
}

const WAYS_OUT =
  'A SQLite storage needs Node 22.13 or later, which has node:sqlite, or the package node-sqlite3-wasm: npm install node-sqlite3-wasm'

const SOURCES: Sources = {
  'node:sqlite': () => {
    const module = process.getBuiltinModule('node:sqlite')
    return module && createNodeDriver(module as NodeSqlite) // as its documentation says
  },
  'node-sqlite3-wasm': () => {
    const module = required('node-sqlite3-wasm')
    return module === undefined ? undefined : createWasmDriver(module as WasmSqlite) // as its documentation says
  },
}

function required(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name)
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'MODULE_NOT_FOUND') return undefined
    throw problem
  }
}
