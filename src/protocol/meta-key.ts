const LABEL = '[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const PREFIX = `${LABEL}(?:\\.${LABEL})*/`
const NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?'

const META_KEY = new RegExp(`^(?:${PREFIX})?(?:${NAME})?$`)
const EXTENSION_ID = new RegExp(`^${PREFIX}${NAME}$`)

/** Whether a name may be a key of `_meta`: an optional prefix of labels, as in `com.example/`, and a name (basic/index). */
export function isMetaKey(key: string): boolean {
  return META_KEY.test(key)
}

/** Whether a name may identify an extension: a key of `_meta` with both its parts (basic/versioning). */
export function isExtensionId(id: string): boolean {
  return EXTENSION_ID.test(id)
}
