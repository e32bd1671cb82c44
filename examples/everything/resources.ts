import { resource } from '@fastmcp/ts'
import { PIXEL } from './samples.ts'

/** Fixed and templated resources, text and bytes. */
export const resources = [
  resource(
    'test://static-text',
    { name: 'Static text', description: 'Text that never changes', mimeType: 'text/plain' },
    () => 'This is the content of the static text resource.',
  ),
  resource(
    'test://static-binary',
    { name: 'Static binary', description: 'A picture that never changes', mimeType: 'image/png' },
    () => Uint8Array.from(atob(PIXEL), (character) => character.charCodeAt(0)),
  ),
  resource(
    'test://template/{id}/data',
    { name: 'Data by id', description: 'Data of whatever id is asked for', mimeType: 'application/json' },
    ({ id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
  ),
  resource(
    'test://watched-resource',
    { name: 'Watched resource', description: 'To subscribe to', mimeType: 'text/plain' },
    () => 'Watched resource content',
  ),
]
