import type { Resource } from '../../components/component.ts'
import { resource } from '../../components/resource.ts'
import type { Health } from './health.ts'

/** The address of the resource that tells how a server is. */
export const HEALTH_URI = 'health://status'

/** How a server is, as a resource for clients. */
export function healthResource(health: Health): Resource {
  const options = {
    name: 'health',
    title: 'Health',
    description: 'How this server is: its checks, memory, event loop and uptime',
    mimeType: 'application/json',
  }
  return resource(HEALTH_URI, options, () => health.status()) as Resource // this address has no variables
}
