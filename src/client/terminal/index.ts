export { type TerminalOptions, terminalElicit } from './terminal-elicit.ts'
