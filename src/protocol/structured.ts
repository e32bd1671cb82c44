/**
 * Marks a tool result whose `outputSchema` is not that of an object. Revisions that demand an object
 * show such a schema wrapped, so they wrap the value of a marked result too, even when this one value
 * happens to be an object. Symbols are not serialised: the mark never reaches the wire.
 */
export const VALUE_ROOT: unique symbol = Symbol.for('@fastmcp/ts/value-root')
