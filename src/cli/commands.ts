import type { Command } from './command.ts'
import { TARGETS } from './target.ts'
import type { Flags } from './words.ts'

/** Flags of every command. */
export const COMMON: Flags = {
  help: { text: 'Show this help', short: 'h' },
  debug: { text: 'Show stacks and causes of errors' },
}

const CONNECTION: Flags = {
  json: { text: 'Answer in JSON' },
  era: { value: 'era', text: 'auto (default), stateless or stateful: how to speak MCP' },
  timeout: { value: 'seconds', text: 'How long to wait for the server; 30 by default' },
  header: { value: 'key=value', text: 'Send a header to a server at an address; may be repeated', repeats: true },
}

const TARGET = `A target is one of:\n${TARGETS}`

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    summary: 'Serve a file over stdio or HTTP',
    usage: ['run <file.ts[:name]> [flags] [-- arguments of the file]'],
    details: `The file exports its server as mcp, server, app or default; :name picks another export.
TypeScript runs as it is. What a flag leaves out comes from FASTMCP_TRANSPORT, FASTMCP_HOST,
FASTMCP_PORT (or PORT) and FASTMCP_PATH, then from the defaults.`,
    flags: {
      transport: { value: 'stdio|http', text: 'stdio by default; a port alone means http' },
      host: { value: 'host', text: 'Address to listen on; 127.0.0.1 by default' },
      port: { value: 'port', text: '8000 by default; 0 takes a free one' },
      path: { value: 'path', text: 'Path of the MCP endpoint; /mcp by default' },
    },
    examples: ['run server.ts', 'run server.ts:weather --transport http --port 8000'],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'list',
    summary: 'List tools, resources, templates and prompts of a server',
    usage: ['list <target> [flags]', 'list [flags] -- <program> [arguments]'],
    details: TARGET,
    flags: CONNECTION,
    examples: ['list server.ts', 'list http://127.0.0.1:8000/mcp --json', 'list -- node dist/server.js'],
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'call',
    summary: 'Call a tool, read a resource or get a prompt',
    usage: [
      'call <target> <tool> [key=value …]',
      'call <target> <uri>',
      'call <target> --prompt <name> [key=value …]',
      'call <tool|uri> [key=value …] -- <program> [arguments]',
    ],
    details: `key=value gives an argument; the tool's input schema says whether it is text, a number, true or
false, or JSON. key:=json gives JSON whatever the schema says; a key given twice makes an array.
A word that holds ":" is the URI of a resource, or one that a template matches.

${TARGET}`,
    flags: {
      args: { value: 'json', text: 'All arguments as one JSON object; key=value goes on top' },
      prompt: { value: 'name', text: 'Get this prompt' },
      ...CONNECTION,
    },
    examples: [
      'call server.ts add a=1 b=2',
      `call server.ts search query=cats filter='{"limit": 5}'`,
      'call server.ts users://42/profile',
      `call server.ts --prompt review code='let a = 1'`,
    ],
    load: () => import('./commands/call.ts'),
  },
  {
    name: 'inspect',
    summary: 'Show what a server says of itself, and problems in its schemas',
    usage: ['inspect <target> [flags]', 'inspect [flags] -- <program> [arguments]'],
    details: TARGET,
    flags: CONNECTION,
    examples: ['inspect server.ts', 'inspect "node dist/server.js" --era stateful --json'],
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'openapi',
    summary: 'Tell what comes of an OpenAPI document, and what is wrong with it',
    usage: ['openapi <document|url> [flags]'],
    details: `A document is a file or an address: Swagger 2.0 or OpenAPI 3, JSON or YAML. Nothing is called but
the address of the document. Operations that cannot be offered are shown with their reasons; if
none can, the exit code is 1.`,
    flags: {
      'base-url': { value: 'url', text: 'Where the API is, if the document does not say it' },
      all: { text: 'Show every operation with the name that it gets' },
      json: { text: 'Answer in JSON' },
    },
    examples: ['openapi openapi.yaml', 'openapi https://petstore3.swagger.io/api/v3/openapi.json --all'],
    load: () => import('./commands/openapi.ts'),
  },
]
